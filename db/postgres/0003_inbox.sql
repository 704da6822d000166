-- The inbox: what was acknowledged, before anything is decided about it; and the batches that carry decisions to the log.

-- hash(workspace, source, message id), kept 30 days. A table of its own because a unique key cannot span partitions.
create table inbox_keys (
  hash uuid primary key,
  seen_on date not null
);
create index inbox_keys_by_day on inbox_keys using brin (seen_on);

-- status: 0 waiting, 1 logged, 2 dropped, 3 parked, 4 refused at the door
create table inbox (
  id uuid not null,
  received_on date not null,
  received_at timestamptz not null,
  workspace_id uuid not null,
  -- 0 live, 1 bulk
  lane smallint not null,
  shard smallint not null,
  source text not null,
  message_id text not null,
  -- request facts that the payload lacks: user agent, country header, address (as the settings allow)
  origin text,
  payload text not null,
  status smallint not null default 0,
  reason text,
  lead_id uuid,
  batch_id uuid,
  -- what each step said of the item, for the debugger
  trace text,
  primary key (received_on, id)
) partition by range (received_on);
create index inbox_waiting on inbox (lane, id) where status = 0;
create index inbox_by_workspace on inbox (workspace_id, id desc);
create index inbox_troubled on inbox (workspace_id, id desc) where status >= 2;

-- One batch of decisions: the exact rows for ClickHouse, written in the transaction that decided them, sent after it.
create table batches (
  id uuid primary key,
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  row_count integer not null,
  -- gzip of JSONCompactEachRow; dropped when the batch is closed
  rows bytea,
  attempts integer not null default 0,
  last_error text
);
create index batches_open on batches (id) where closed_at is null;
