-- The chance to convert within 90 days of predicted_at, 0 to 1; null without a model, for whom nobody knows, and once converted.
alter table lead_facts
  add column if not exists predicted_score Nullable(Float64),
  add column if not exists predicted_at Nullable(DateTime64(3, 'UTC'));
