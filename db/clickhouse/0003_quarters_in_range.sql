-- A quarter holds instants from 1970 to 2106; what a file dates outside of them is summed at the nearer end, where without
-- this it would wrap around into a year in which it never was.
alter table event_quarters_feed modify query
select
  workspace_id,
  toStartOfFifteenMinutes(toDateTime(
    least(greatest(occurred_at, toDateTime64('1970-01-01 00:00:00', 3, 'UTC')), toDateTime64('2106-01-01 00:00:00', 3, 'UTC')),
    'UTC')) as quarter,
  name, category, channel, source, device, country, is_bot, currency,
  toInt64(count()) as events,
  toInt64(sum(session_start)) as sessions,
  sum(value_minor) as value_minor
from events
group by workspace_id, quarter, name, category, channel, source, device, country, is_bot, currency;
