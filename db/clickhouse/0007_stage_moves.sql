-- A lead's way through the stages, a row for each stay and the move that began it; the first is that in which it began.
-- Replaced by newer versions of the same place. Read it with `final` and `is_removed = 0`.
create table stage_moves (
  workspace_id UUID,
  lead_id UUID,
  -- from 0, in order of time
  place UInt16,
  version UInt64,
  is_removed UInt8,
  at DateTime64(3, 'UTC'),
  -- when the stay ended; null of the one that lasts
  until Nullable(DateTime64(3, 'UTC')),
  -- empty in the first row
  from_stage LowCardinality(String),
  to_stage LowCardinality(String),
  kind Enum8('began' = 0, 'automatic' = 1, 'manual' = 2),
  is_backward Bool,
  -- stages that a move forward passed over
  skipped Array(LowCardinality(String)),
  rule LowCardinality(String),
  rule_version Int32,
  -- of the event, order or decision
  cause_id String,
  actor String,
  amount_minor Nullable(Int64),
  currency LowCardinality(String),
  -- what the person did during the stay
  touches UInt32
)
engine = {ReplacingMergeTree(version)}
order by (workspace_id, lead_id, place);
