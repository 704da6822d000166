-- Webhooks that others call: how each is verified and read, and what came in.

create table inbound_webhooks (
  id uuid primary key,
  workspace_id uuid not null,
  name text not null,
  -- in the URL
  key text not null unique,
  -- how a call proves whom it is from (src/inbound/nouns.ts)
  signature jsonb not null,
  -- of the signature; '' where there is none
  sealed text not null,
  -- null until somebody said what means what: until then all is parked
  mapping jsonb,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index inbound_webhooks_by_workspace on inbound_webhooks (workspace_id, id desc);

create table inbound_deliveries (
  id uuid primary key,
  workspace_id uuid not null,
  webhook_id uuid not null references inbound_webhooks (id) on delete cascade,
  -- by which the same call is known again: hash of what the mapping names, or of the body
  dedupe text not null,
  received_at timestamptz not null,
  -- how often it came
  times integer not null default 1,
  status text not null check (status in ('parked', 'taken')),
  -- why it is parked: a word of a closed list (src/inbound/nouns.ts)
  reason text,
  -- message ids in the inbox
  messages text[] not null default '{}',
  content_type text not null,
  -- as it came; emptied where it speaks of somebody who was erased
  body text not null,
  taken_at timestamptz,
  unique (webhook_id, dedupe)
);
create index inbound_deliveries_by_webhook on inbound_deliveries (webhook_id, id desc);
create index inbound_deliveries_by_workspace on inbound_deliveries (workspace_id, id desc);
create index inbound_deliveries_by_age on inbound_deliveries (received_at);

-- Calls that were turned away, counted by day and reason; nothing of them is kept.
create table inbound_refusals (
  webhook_id uuid not null references inbound_webhooks (id) on delete cascade,
  counted_on date not null,
  reason text not null,
  workspace_id uuid not null,
  count integer not null,
  last_at timestamptz not null,
  primary key (webhook_id, counted_on, reason)
);
create index inbound_refusals_by_workspace on inbound_refusals (workspace_id);
