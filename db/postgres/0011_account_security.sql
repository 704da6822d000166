-- Two-factor, resets of passwords, changes of address, system mails, keys that expire, and teams that are being deleted.

-- users.two_factor_enabled and two_factors are read and written by better-auth too, which expects these columns.
alter table users add column two_factor_enabled boolean not null default false;

create table two_factors (
  id uuid primary key,
  user_id uuid not null unique references users on delete cascade,
  -- sealed under the installation's key
  secret text not null,
  -- a JSON array of hashes under the installation's key; a code that was used is taken out
  backup_codes text not null,
  -- false until the first code from the authenticator was entered
  verified boolean not null default false,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

-- Codes of authenticators that were entered in the last minutes: each opens one session at most.
create table used_codes (
  user_id uuid not null references users on delete cascade,
  code_hash bytea not null,
  used_at timestamptz not null,
  primary key (user_id, code_hash)
);

-- to the minute; updated_at is better-auth's and moves once a day
alter table sessions add column last_used_at timestamptz;

-- Links that set a new password or confirm a new address. Each works once.
create table account_links (
  -- SHA-256 of the token in the link
  token_hash bytea primary key,
  purpose text not null check (purpose in ('password_reset', 'email_change')),
  user_id uuid not null references users on delete cascade,
  -- the new address, of an email_change
  email text check ((email is null) = (purpose = 'password_reset')),
  -- an actor, as in the audit log
  made_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index account_links_by_user on account_links (user_id);

-- What the product mails about accounts. A mail with a link gets its token when it is sent, so that none stands here.
create table system_mails (
  id uuid primary key,
  -- null where it concerns a person and no team
  team_id uuid references teams on delete cascade,
  user_id uuid references users on delete cascade,
  kind text not null,
  to_address text not null,
  -- what the text names: people, the workspace, the address of the app
  facts jsonb not null,
  status text not null default 'waiting' check (status in ('waiting', 'sent', 'failed')),
  attempts integer not null default 0,
  -- what the mail server said last
  words text,
  created_at timestamptz not null,
  tried_at timestamptz
);
create index system_mails_by_team on system_mails (team_id, id desc);
create index system_mails_by_user on system_mails (user_id, id desc);

-- the token of the link that was mailed, beside the one that was shown
alter table invitations add column mailed_token_hash bytea unique;

alter table api_keys add column expires_at timestamptz;

-- Set where a team is being deleted: nobody reaches its workspaces any more, and a job empties them.
alter table teams add column deleted_at timestamptz;

create index audit_log_by_action on audit_log (team_id, action, id desc);
create index audit_log_by_actor on audit_log (team_id, actor, id desc);
