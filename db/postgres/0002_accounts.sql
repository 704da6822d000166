-- People, their sessions and memberships, invitations, API keys, sign-in attempts and the audit log.

-- users, sessions, credentials and verifications are read and written by better-auth too, which expects these columns.
create table users (
  id uuid primary key,
  name text not null,
  -- in lower case
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_by_user on sessions (user_id);

create table credentials (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  -- 'credential' for e-mail and password; the account id is then the user's id
  provider_id text not null,
  account_id text not null,
  -- scrypt
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index credentials_by_user on credentials (user_id);

create table verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_by_identifier on verifications (identifier);

create table members (
  team_id uuid not null references teams on delete cascade,
  user_id uuid not null references users on delete cascade,
  role text not null check (role in ('owner', 'admin', 'marketer', 'analyst')),
  joined_at timestamptz not null default now(),
  primary key (team_id, user_id)
);
create index members_by_user on members (user_id);

create table invitations (
  id uuid primary key,
  team_id uuid not null references teams on delete cascade,
  role text not null check (role in ('owner', 'admin', 'marketer', 'analyst')),
  -- where given, only this address can accept
  email text,
  -- SHA-256 of the token in the link
  token_hash bytea not null unique,
  invited_by uuid not null references users on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references users on delete set null,
  revoked_at timestamptz
);
create index invitations_by_team on invitations (team_id, created_at desc);

create table api_keys (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'marketer', 'analyst')),
  -- null: everything that the role allows a key
  scopes text[],
  -- SHA-256 of the key, which is shown once and kept nowhere
  key_hash bytea not null unique,
  prefix text not null,
  -- an actor, as in the audit log
  created_by text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_by_workspace on api_keys (workspace_id);

-- Codes printed at start that let a browser on another machine create the owner; several processes may print one each.
create table setup_codes (
  hash bytea primary key,
  created_at timestamptz not null
);

-- Tries per client in the current window. The key is a hash, so that the table names nobody.
create table sign_in_attempts (
  key bytea primary key,
  tries integer not null,
  window_started_at timestamptz not null
);

-- Who changed what. workspace_id is null where it concerns the whole team, live and test alike.
create table audit_log (
  id uuid primary key,
  team_id uuid not null,
  workspace_id uuid,
  occurred_at timestamptz not null default now(),
  -- 'user:<id>', 'key:<id>' or 'cli'
  actor text not null,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb
);
create index audit_log_by_team on audit_log (team_id, id desc);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log only grows' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_log_only_grows before update or delete on audit_log
  for each row execute function refuse_audit_change();
create trigger audit_log_is_never_emptied before truncate on audit_log
  for each statement execute function refuse_audit_change();
