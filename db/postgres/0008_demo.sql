-- The demo of a test twin: what it was made of, and the piece of work on it that runs or ran last.
create table demos (
  workspace_id uuid primary key references workspaces on delete cascade,
  -- {seed, leads, days, events, endOn, seededAt}; null: none
  seeded jsonb,
  -- {kind, state, done, total, startedAt, endedAt, problem, runId, beatAt}
  job jsonb
);
