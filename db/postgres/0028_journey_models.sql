-- What was learned of a workspace's buyers and visitors: how they order, leave and come back. One a night; the newest is in force.
create table journey_models (
  workspace_id uuid not null,
  fitted_at timestamptz not null,
  -- days since 1970 in the workspace's zone: what it knows goes up to the evening of this day
  as_of_day integer not null,
  model jsonb not null,
  primary key (workspace_id, fitted_at)
);
