-- What a unit of another currency is worth in the workspace's own, from a day on until the next rate.
create table currency_rates (
  workspace_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  starts_on date not null,
  rate double precision not null check (rate > 0),
  primary key (workspace_id, currency, starts_on)
);

-- What was spent on a day on a channel, or on one of its campaigns; one amount of each day, channel, campaign and currency.
create table spend (
  workspace_id uuid not null,
  spent_on date not null,
  channel text not null,
  -- empty where it is of no campaign
  campaign text not null default '',
  currency text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  primary key (workspace_id, spent_on, channel, campaign, currency)
);

-- What the models that learn from all journeys found, each night and when asked; the newest of each goal counts.
create table attribution_runs (
  id uuid primary key,
  workspace_id uuid not null,
  goal text not null,
  -- of the settings whose journeys it read
  version integer not null,
  learned_at timestamptz not null,
  -- journeys that ended from this instant on
  starts_at timestamptz not null,
  found jsonb not null
);
create index attribution_runs_newest on attribution_runs (workspace_id, goal, learned_at desc);

-- Other settings that are tried on all leads in the background; kept a day.
create table attribution_what_ifs (
  id uuid primary key,
  workspace_id uuid not null,
  settings jsonb not null,
  -- of the settings in force that they are compared with
  based_on integer not null,
  status text not null check (status in ('running', 'done', 'failed')),
  total integer not null,
  done integer not null default 0,
  -- the lead that it has come to, in the order of ids
  after_id uuid,
  result jsonb not null,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index attribution_what_ifs_by_workspace on attribution_what_ifs (workspace_id, id desc);
