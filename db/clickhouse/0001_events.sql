-- The event log: append-only; an event keeps the lead id it was written with, for good. Reads resolve merges.
-- Partitioned by arrival, so that an import of twenty years of orders is still one part; a lead's events lie together.
create table events (
  workspace_id UUID,
  lead_id UUID,
  occurred_at DateTime64(3, 'UTC'),
  event_id UUID,
  batch_id UUID,
  received_at DateTime64(3, 'UTC'),
  name LowCardinality(String),
  category LowCardinality(String),
  call LowCardinality(String),
  source LowCardinality(String),
  anonymous_id String,
  session_id String,
  session_start UInt8,
  channel LowCardinality(String),
  utm_source LowCardinality(String),
  utm_medium LowCardinality(String),
  utm_campaign LowCardinality(String),
  utm_term String,
  utm_content String,
  page_url String,
  page_path String,
  page_title String,
  referrer String,
  device LowCardinality(String),
  os LowCardinality(String),
  browser LowCardinality(String),
  country LowCardinality(String),
  country_source LowCardinality(String),
  is_bot UInt8,
  value_minor Int64,
  currency LowCardinality(String),
  actor String,
  properties String codec(ZSTD(1)),
  index received received_at type minmax granularity 1
)
engine = {MergeTree}
partition by toYYYYMM(received_at)
order by (workspace_id, lead_id, occurred_at, event_id)
settings {deduplication};

-- Sums per quarter hour in UTC; days are summed at read time in the workspace's zone. Holds sums only, never people.
create table event_quarters (
  workspace_id UUID,
  quarter DateTime('UTC'),
  name LowCardinality(String),
  category LowCardinality(String),
  channel LowCardinality(String),
  source LowCardinality(String),
  device LowCardinality(String),
  country LowCardinality(String),
  is_bot UInt8,
  currency LowCardinality(String),
  events Int64,
  sessions Int64,
  value_minor Int64
)
engine = {SummingMergeTree}
order by (workspace_id, quarter, name, category, channel, source, device, country, is_bot, currency)
settings {deduplication};

create materialized view event_quarters_feed to event_quarters as
select
  workspace_id,
  toStartOfFifteenMinutes(toDateTime(occurred_at, 'UTC')) as quarter,
  name, category, channel, source, device, country, is_bot, currency,
  toInt64(count()) as events,
  toInt64(sum(session_start)) as sessions,
  sum(value_minor) as value_minor
from events
group by workspace_id, quarter, name, category, channel, source, device, country, is_bot, currency;

-- Merged lead -> the lead it is part of now; fed after each merge and unmerge.
create table lead_aliases (
  lead_id UUID,
  target_id UUID,
  version UInt64,
  is_removed UInt8
)
engine = {ReplacingMergeTree(version)}
order by lead_id;
