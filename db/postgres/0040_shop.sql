-- Connected shops: what each says of its customers, orders, products and carts, how far its syncs are, and the webhooks that came.

create table shops (
  connection_id uuid primary key,
  workspace_id uuid not null,
  -- by which its webhooks name it
  domain text not null,
  name text not null,
  -- of all its amounts
  currency text not null,
  time_zone text not null,
  plan text,
  -- when it was last made sure that it tells us of everything
  subscribed_at timestamptz,
  uninstalled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index shops_by_workspace on shops (workspace_id, created_at);

create table shop_customers (
  workspace_id uuid not null,
  connection_id uuid not null,
  -- the shop's own id
  customer_id text not null,
  -- the lead that it became; where that was merged, the lead that it is part of counts
  lead_id uuid not null,
  tags text[] not null default '{}',
  -- {tag: [ISO instant, was it added]}: who comes late does not undo what came after
  tag_acts jsonb not null default '{}',
  note text,
  locale text,
  -- the shop's word, such as subscribed, and when the person acted
  email_consent text,
  email_consent_at timestamptz,
  sms_consent text,
  sms_consent_at timestamptz,
  order_count integer not null default 0,
  spent_minor bigint not null default 0,
  currency text not null,
  -- when the shop counted those two
  counted_at timestamptz,
  -- in the shop
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- the newest word of the person's record: when it was changed, and when that was told
  said_at text not null default '',
  deleted_at timestamptz,
  -- what lead and shop last agreed on, by field: what either changed since is seen against it
  agreed jsonb not null default '{}',
  -- changes of ours wait to be written to the shop since then
  owed_since timestamptz,
  -- synced; waiting: changes of ours are on their way; conflict: both changed the same, a person decides; failed: the shop refused
  sync_status text not null default 'synced' check (sync_status in ('synced', 'waiting', 'conflict', 'failed')),
  sync_problem text,
  -- [{field, ours, theirs, foundAt}]
  conflicts jsonb not null default '[]',
  -- when the shop was last heard of it
  synced_at timestamptz not null,
  primary key (connection_id, customer_id)
);
create index shop_customers_by_age on shop_customers (workspace_id, created_at desc, customer_id desc);
create index shop_customers_by_lead on shop_customers (lead_id);
create index shop_customers_owed on shop_customers (owed_since) where owed_since is not null;
create index shop_customers_troubled on shop_customers (workspace_id, sync_status) where sync_status <> 'synced';

-- What an order has when a connected shop tells of it. Its source is then shop:<connection>.
alter table orders
  add column connection_id uuid,
  -- the shop's id of who bought
  add column customer_id text,
  -- the shop's word in small letters: fulfilled, unfulfilled
  add column fulfilment text,
  add column is_edited boolean not null default false,
  -- the cart that it was
  add column cart_token text,
  add column discount_codes text[] not null default '{}',
  add column tags text[] not null default '{}',
  add column note text,
  -- the newest word of it: when it was changed, and when that was told
  add column said_at text not null default '',
  -- by the shop's clock
  add column changed_at timestamptz;
create index orders_of_shops on orders (workspace_id, placed_at desc, id desc) where connection_id is not null;
create index orders_by_customer on orders (connection_id, customer_id) where connection_id is not null;

-- Each refund once, whichever of it and its order is told first.
create table order_refunds (
  workspace_id uuid not null,
  source text not null,
  external_id text not null,
  refund_id text not null,
  minor bigint not null,
  refunded_at timestamptz not null,
  primary key (workspace_id, source, external_id, refund_id)
);

create table order_lines (
  workspace_id uuid not null,
  order_id uuid not null references orders on delete cascade,
  place smallint not null,
  line_id text not null,
  -- null where the shop has taken the product away
  product_id text,
  variant_id text,
  name text not null,
  variant text,
  sku text,
  quantity integer not null,
  -- of the quantity, what is left after refunds and edits
  current_quantity integer not null,
  -- of one, before discounts
  price_minor bigint not null,
  -- of the whole line
  discount_minor bigint not null,
  primary key (order_id, place)
);
create index order_lines_by_product on order_lines (workspace_id, product_id);

create table shop_products (
  workspace_id uuid not null,
  connection_id uuid not null,
  product_id text not null,
  title text not null,
  handle text not null default '',
  vendor text not null default '',
  kind text not null default '',
  -- active, draft, archived, unlisted
  status text not null,
  tags text[] not null default '{}',
  currency text not null,
  -- of the cheapest and the dearest variant
  low_minor bigint not null,
  high_minor bigint not null,
  -- [{id, title, sku, priceMinor}]
  variants jsonb not null default '[]',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  said_at text not null default '',
  deleted_at timestamptz,
  primary key (connection_id, product_id)
);
create index shop_products_by_title on shop_products (workspace_id, lower(title), product_id);

-- A checkout that somebody began; completed ones are carts that became orders.
create table shop_checkouts (
  workspace_id uuid not null,
  connection_id uuid not null,
  checkout_id text not null,
  -- an order has it too (orders.cart_token)
  token text not null,
  -- null while nobody has said who they are
  lead_id uuid,
  customer_id text,
  currency text not null,
  total_minor bigint not null,
  -- [{productId, variantId, name, sku, quantity, priceMinor}]
  lines jsonb not null default '[]',
  recovery_url text,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  completed_at timestamptz,
  deleted_at timestamptz,
  said_at text not null default '',
  primary key (connection_id, checkout_id)
);
create index shop_checkouts_by_time on shop_checkouts (workspace_id, updated_at desc);
create index shop_checkouts_by_token on shop_checkouts (connection_id, token);
create index shop_checkouts_by_lead on shop_checkouts (lead_id) where lead_id is not null;

-- One full or partial reading of a shop; the file it is read from is resumed where the last batch ended.
create table shop_syncs (
  id uuid primary key,
  workspace_id uuid not null,
  connection_id uuid not null,
  resource text not null check (resource in ('customers', 'orders', 'products', 'checkouts')),
  -- full: everything; changes: what the shop changed since
  mode text not null check (mode in ('full', 'changes')),
  since timestamptz,
  -- preparing: the shop writes its file; reading: we read it
  status text not null check (status in ('queued', 'preparing', 'reading', 'done', 'failed', 'cancelled')),
  operation_id text,
  -- signed: it opens the file to whoever has it
  file_url text,
  -- the shop's clock when it began to write; the next reading of changes begins there
  prepared_at timestamptz,
  bytes_read bigint not null default 0,
  bytes_total bigint,
  records_total integer,
  records_read integer not null default 0,
  -- of them, new to us; changed; left as they were
  made_count integer not null default 0,
  changed_count integer not null default 0,
  problem text,
  attempts integer not null default 0,
  -- when it is looked at next
  next_at timestamptz not null,
  requested_by text not null,
  requested_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create unique index shop_syncs_at_work on shop_syncs (connection_id, resource) where status in ('queued', 'preparing', 'reading');
create index shop_syncs_by_connection on shop_syncs (connection_id, resource, requested_at desc);
create index shop_syncs_due on shop_syncs (next_at) where status in ('queued', 'preparing', 'reading');

-- Webhooks as they came in, for the monitor; what they say travels through the inbox.
create table shop_webhooks (
  workspace_id uuid not null,
  connection_id uuid not null,
  -- the vendor's id of the delivery, the same for each repeat; refused ones are counted by day
  delivery_id text not null,
  topic text not null,
  -- what it is about: the shop's id
  subject text,
  -- waiting: taken in; applied; stale: something newer was known; ignored: nothing of ours; refused: not signed by the shop; failed
  status text not null check (status in ('waiting', 'applied', 'stale', 'ignored', 'refused', 'failed')),
  problem text,
  -- how often it came
  deliveries integer not null default 1,
  triggered_at timestamptz,
  received_at timestamptz not null,
  applied_at timestamptz,
  primary key (connection_id, delivery_id)
);
create index shop_webhooks_by_time on shop_webhooks (workspace_id, received_at desc, delivery_id desc);
create index shop_webhooks_by_age on shop_webhooks (received_at);

-- What the law has a shop ask of us: a person's data, or to forget a person or the whole shop.
create table shop_requests (
  id uuid primary key,
  workspace_id uuid not null,
  connection_id uuid not null,
  kind text not null check (kind in ('data_request', 'customer_redact', 'shop_redact')),
  -- the vendor's id of the request
  request_id text not null,
  customer_id text,
  status text not null check (status in ('waiting', 'done')),
  -- of a data request: everything that is known of the person, for the shop to hand over
  export jsonb,
  -- how many leads and orders it touched
  lead_count integer not null default 0,
  order_count integer not null default 0,
  received_at timestamptz not null,
  due_at timestamptz not null,
  done_at timestamptz,
  unique (connection_id, kind, request_id)
);
create index shop_requests_by_workspace on shop_requests (workspace_id, received_at desc);
