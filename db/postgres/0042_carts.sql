-- Carts that people filled, as tracking and connected shops tell of them, and what became of each.
create table carts (
  id uuid primary key,
  workspace_id uuid not null,
  lead_id uuid not null,
  -- who told: tracking, or shop:<connection>, as an order's source
  source text not null,
  -- the shop's token of it, or the id of the event that began it
  external_id text not null,
  currency text not null,
  total_minor bigint not null,
  lines jsonb not null default '[]',
  -- an address of the shop where it can be bought still
  recovery_url text,
  started_at timestamptz not null,
  changed_at timestamptz not null,
  -- bought or taken back, as its source says
  closed_at timestamptz,
  -- when it had lain for as long as the workspace says; null while it is young or was bought in time
  abandoned_at timestamptz,
  order_id uuid,
  bought_at timestamptz,
  updated_at timestamptz not null,
  unique (workspace_id, source, external_id)
);
create index carts_by_lead on carts (lead_id, changed_at desc);
create index carts_at_hand on carts (workspace_id, changed_at desc) where order_id is null;
create index carts_abandoned on carts (workspace_id, abandoned_at desc, id desc) where abandoned_at is not null;
create index carts_by_order on carts (order_id) where order_id is not null;

create table cart_settings (
  workspace_id uuid primary key,
  abandoned_after_minutes integer not null,
  recovered_within_days integer not null,
  updated_by text not null,
  updated_at timestamptz not null
);
