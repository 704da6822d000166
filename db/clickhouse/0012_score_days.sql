-- How leads stood on each day of the workspace's zone: counted late in the evening, or, of the past, worked out anew from the log of
-- a sample by the rules and models of today. Sums by source alone, so that a year of a million leads is some thousand rows.
create table score_days (
  workspace_id UUID,
  kind Enum8('counted' = 0, 'recomputed' = 1),
  -- a segment's id; empty: everybody
  segment LowCardinality(String),
  day Date,
  source LowCardinality(String),
  is_known Bool,
  -- when it was counted, ms since 1970: of a day the latest count stands, of what is recomputed the latest run
  version UInt64,
  -- of the score, as of then; of what is recomputed, as of the run
  rule_version Int32,
  -- not everybody was looked at
  is_sample Bool,
  leads UInt32,
  scored UInt32,
  points Float64,
  grade_a_plus UInt32,
  grade_a UInt32,
  grade_b UInt32,
  grade_c UInt32,
  grade_d UInt32,
  hot UInt32,
  warm UInt32,
  cold UInt32,
  do_not_contact UInt32,
  health_known UInt32,
  health_points Float64,
  healthy UInt32,
  watched UInt32,
  at_risk UInt32,
  -- buyers whose risk is known, and those at high risk
  risk_known UInt32,
  risk_high UInt32
)
engine = {ReplacingMergeTree(version)}
order by (workspace_id, kind, segment, day, source, is_known)
settings {deduplication};

-- How the score stood right before a change, fallen with silence by then; null and empty where it had none.
alter table score_history
  add column if not exists before_total Nullable(Float64),
  add column if not exists before_temperature LowCardinality(String) default '';
