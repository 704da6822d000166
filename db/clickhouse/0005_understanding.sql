-- What is understood of a lead. Whatever changes with time alone is not stored: it is computed of these and the moment.
alter table lead_facts
  add column if not exists stage LowCardinality(String) default 'new',
  add column if not exists stage_since Nullable(DateTime64(3, 'UTC')),
  -- the rules that it was scored by; -1: not scored yet
  add column if not exists score_version Int32 default -1,
  -- the moment for which the decaying sums hold
  add column if not exists score_at DateTime64(3, 'UTC'),
  -- one per slot of the rules: points of a dimension that halve in the same time
  add column if not exists score_sums Array(Float64),
  -- 0 to 100; null where nothing is known that the rules ask for
  add column if not exists score_demographic Nullable(Float64),
  add column if not exists score_firmographic Nullable(Float64),
  -- of what the rules for person and company ask, the share that is known, 0 to 1 each
  add column if not exists known_demographic Float64,
  add column if not exists known_firmographic Float64,
  -- whether the person was ever seen doing anything
  add column if not exists is_seen Bool,
  add column if not exists do_not_contact Bool,
  add column if not exists last_human_at Nullable(DateTime64(3, 'UTC')),
  add column if not exists last_intent_at Nullable(DateTime64(3, 'UTC')),
  -- days since 1970 in the workspace's zone with a human event: the last 112 up to the newest
  add column if not exists active_days Array(UInt16),
  add column if not exists churn_risk Nullable(Float64),
  add column if not exists disengagement_risk Nullable(Float64),
  -- the moment for which the risks hold
  add column if not exists churn_asked_for Nullable(DateTime64(3, 'UTC')),
  add column if not exists ltv_minor Nullable(Int64),
  add column if not exists predicted_ltv_minor Nullable(Int64),
  -- parts of health that time does not change, 0 to 1
  add column if not exists health_value Nullable(Float64),
  add column if not exists health_relationship Nullable(Float64),
  add column if not exists rfm_segment LowCardinality(String),
  add column if not exists next_order_at Nullable(DateTime64(3, 'UTC'));

-- Scores as they were scored, with what caused each change; append only.
create table score_history (
  workspace_id UUID,
  lead_id UUID,
  at DateTime64(3, 'UTC'),
  total Nullable(Float64),
  demographic Nullable(Float64),
  firmographic Nullable(Float64),
  behavioural Nullable(Float64),
  engagement Nullable(Float64),
  intent Nullable(Float64),
  deductions Float64,
  confidence Float64,
  grade LowCardinality(String),
  temperature LowCardinality(String),
  rule_version Int32,
  -- recomputed: other rules were adopted, and nothing happened
  kind Enum8('live' = 0, 'recomputed' = 1),
  cause_event_id String,
  cause LowCardinality(String)
)
engine = {MergeTree}
order by (workspace_id, lead_id, at)
settings {deduplication};
