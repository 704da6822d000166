-- Teams, their workspaces (each live one has a test twin) and the keys that browsers and servers write with.

create table teams (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table workspaces (
  id uuid primary key,
  team_id uuid not null references teams on delete cascade,
  mode text not null check (mode in ('live', 'test')),
  name text not null,
  slug text not null unique,
  time_zone text not null default 'UTC',
  currency text not null default 'USD',
  -- {consentDefaults, ipPolicy, excludedAddresses, ownDomains, ...}: accounts/contract.ts has the schema
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (team_id, mode)
);

-- A browser's write key stands in every page, so it is no secret: it may only write, and never merges two known leads.
-- A server's write key is kept by the owner's own programs and may.
create table write_keys (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  key text not null unique,
  name text not null,
  kind text not null default 'browser' check (kind in ('browser', 'server')),
  -- empty: any origin may write
  allowed_domains text[] not null default '{}',
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index write_keys_by_workspace on write_keys (workspace_id);
