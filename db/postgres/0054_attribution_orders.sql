-- Markov models of order 2 and 3, learned when somebody asks; kept 30 days.
create table attribution_orders (
  id uuid primary key,
  workspace_id uuid not null,
  goal text not null,
  markov_order smallint not null check (markov_order in (2, 3)),
  -- of the settings whose journeys it reads
  version integer not null,
  status text not null check (status in ('running', 'done', 'failed', 'cancelled')),
  resamples integer not null,
  drawn integer not null default 0,
  took_ms integer not null default 0,
  found jsonb,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index attribution_orders_by_workspace on attribution_orders (workspace_id, id desc);
