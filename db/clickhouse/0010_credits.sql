-- What each touch earned of each conversion, by every model that looks at one journey alone: whole minor units and millionths of a
-- conversion, which add up exactly. A refund is rows of the opposite sign (part 1), a conversion that no touch led to one row under
-- `(unattributed)`. Replaced by newer versions of the same place of a lead. Read it with `final` and `is_removed = 0`.
create table credits (
  workspace_id UUID,
  lead_id UUID,
  -- from 0, through all rows of the lead
  place UInt32,
  version UInt64,
  is_removed UInt8,
  -- order, lead, opportunity, customer, or event: with its name
  goal LowCardinality(String),
  -- of the order, the move or the event
  conversion_id String,
  converted_at DateTime64(3, 'UTC'),
  -- the lead's first conversion to this goal
  is_first Bool,
  part UInt8,
  -- of the journey, from 0
  touch UInt16,
  touch_id String,
  touched_at Nullable(DateTime64(3, 'UTC')),
  channel LowCardinality(String),
  source String,
  campaign String,
  -- in which the minor units count: the workspace's, or the conversion's own where no rate is known
  currency LowCardinality(String),
  -- which the W-shaped model was, or fell back to
  model_used LowCardinality(String),
  settings_version Int32,
  first_units Int64,
  first_minor Int64,
  last_units Int64,
  last_minor Int64,
  last_non_direct_units Int64,
  last_non_direct_minor Int64,
  linear_units Int64,
  linear_minor Int64,
  unique_linear_units Int64,
  unique_linear_minor Int64,
  time_decay_units Int64,
  time_decay_minor Int64,
  u_shaped_units Int64,
  u_shaped_minor Int64,
  w_shaped_units Int64,
  w_shaped_minor Int64,
  position_units Int64,
  position_minor Int64
)
engine = {ReplacingMergeTree(version)}
order by (workspace_id, lead_id, place);

-- The journeys of each lead as the models see them that learn from all: the way of channels, and what it came to.
create table credit_paths (
  workspace_id UUID,
  lead_id UUID,
  place UInt32,
  version UInt64,
  is_removed UInt8,
  goal LowCardinality(String),
  -- empty of a journey that has not converted
  conversion_id String,
  -- when it converted; without that, its last touch
  ended_at DateTime64(3, 'UTC'),
  is_first Bool,
  path Array(LowCardinality(String)),
  -- from the first touch to the conversion; null without a touch
  days Nullable(Float64),
  -- 0 where it did not convert or was refunded whole
  conversions UInt8,
  -- net of refunds
  value_minor Int64,
  currency LowCardinality(String),
  settings_version Int32
)
engine = {ReplacingMergeTree(version)}
order by (workspace_id, lead_id, place);

-- As of lead_facts: where nothing changes for a minute one part is left, so that `final` has nothing to compare.
alter table credits modify setting min_age_to_force_merge_seconds = 60, min_age_to_force_merge_on_partition_only = 1;
alter table credit_paths modify setting min_age_to_force_merge_seconds = 60, min_age_to_force_merge_on_partition_only = 1;
