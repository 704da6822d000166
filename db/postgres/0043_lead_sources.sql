-- Leads that vendors tell of: kept as they are told, until each stands in the inbox; how a form's answers fill a lead; and how
-- each connection stands.

create table caught_leads (
  id uuid primary key,
  workspace_id uuid not null,
  connection_id uuid not null,
  -- as its events name it: the connector's id
  source text not null,
  -- the vendor's id of the lead
  vendor_lead_id text not null,
  form_id text not null default '',
  form_name text not null default '',
  -- waiting: to be read and put into the inbox; caught: in the inbox; test: the vendor's test, made no lead;
  -- failed: the vendor will not hand it out; withdrawn: the person took it back
  status text not null check (status in ('waiting', 'caught', 'test', 'failed', 'withdrawn')),
  -- webhook, catch_up
  told_by text not null,
  told_at timestamptz not null,
  submitted_at timestamptz,
  settled_at timestamptz,
  attempts integer not null default 0,
  next_at timestamptz not null,
  problem text,
  -- 0 to 100, and what it is made of
  quality smallint,
  quality_parts jsonb,
  campaign text not null default '',
  -- the lead as the vendor told it, until it stands in the inbox
  told jsonb,
  -- by which the inbox knows whoever it is of: an anonymous id
  anonymous_id text not null,
  unique (connection_id, vendor_lead_id)
);
create index caught_leads_waiting on caught_leads (next_at) where status = 'waiting';
create index caught_leads_by_workspace on caught_leads (workspace_id, id desc);
create index caught_leads_by_connection on caught_leads (connection_id, id desc);

create table lead_source_states (
  connection_id uuid primary key,
  workspace_id uuid not null,
  -- the address that the vendor was told, and when
  webhook_url text,
  listening_at timestamptz,
  -- when the vendor last told of a lead, and last asked the address to prove itself
  told_at timestamptz,
  challenged_at timestamptz,
  -- everything left up to then is known
  caught_up_to timestamptz,
  caught_up_at timestamptz,
  -- a catch-up under way: what it goes back to, and how far it has come
  catching_since timestamptz,
  catching_from timestamptz,
  catching_cursor text,
  -- leads that a catch-up found and no webhook had told of
  missed integer not null default 0,
  problem text
);

-- How the answers of a form fill a lead; form_id '' is for every form of the connection that has no mapping of its own.
create table lead_source_mappings (
  connection_id uuid not null,
  workspace_id uuid not null,
  form_id text not null default '',
  mapping jsonb not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (connection_id, form_id)
);
