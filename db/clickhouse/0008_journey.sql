-- Trend and health of a lead as of the moment in churn_asked_for, which goes on with every night.
alter table lead_facts
  add column if not exists trend LowCardinality(String),
  add column if not exists health Nullable(Float64);
