-- Connections to vendors, the consent of a vendor while it is asked for, and the calls that were made.

create table connections (
  id uuid primary key,
  workspace_id uuid not null,
  -- the id of a connector
  connector text not null,
  name text not null,
  status text not null check (status in ('connecting', 'connected', 'failing', 'reconnect')),
  problem text,
  -- who the vendor says it is
  account text,
  -- what is no secret
  settings jsonb not null default '{}',
  -- secrets and tokens as JSON, sealed for this id (platform/secrets.ts)
  sealed text not null default '',
  -- names of the secrets that are set
  secret_names text[] not null default '{}',
  scopes text[] not null default '{}',
  token_expires_at timestamptz,
  -- nothing is sent before, since the vendor asked for a pause
  paused_until timestamptz,
  checked_at timestamptz,
  last_event_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index connections_by_workspace on connections (workspace_id, created_at);
create index connections_by_expiry on connections (token_expires_at) where token_expires_at is not null;

-- One row for each consent under way; used once, within ten minutes.
create table oauth_states (
  -- SHA-256 of the state that travels
  state_hash bytea primary key,
  workspace_id uuid not null,
  connection_id uuid not null,
  actor text not null,
  -- the PKCE verifier, sealed
  sealed text not null,
  -- where the vendor was told to send the browser back to
  redirect_uri text not null,
  expires_at timestamptz not null
);

create table vendor_calls (
  id uuid primary key,
  workspace_id uuid not null,
  connection_id uuid not null,
  called_at timestamptz not null,
  method text not null,
  url text not null,
  status smallint,
  items integer not null,
  answer text not null,
  took_ms integer not null
);
create index vendor_calls_by_connection on vendor_calls (connection_id, id desc);
create index vendor_calls_by_age on vendor_calls (called_at);
