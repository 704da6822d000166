-- What the chance to convert was learnt as, each time that it was: the newest is in force, also where it says that there is no model.
create table predictive_models (
  workspace_id uuid not null,
  trained_at timestamptz not null,
  target text not null check (target in ('order', 'opportunity')),
  -- 'trained', or why there is no model
  verdict text not null,
  sentence text not null,
  -- leads by what became of them: looked at, still open, converted before
  counted jsonb not null,
  model jsonb,
  -- which features it reads
  shape jsonb,
  -- how good it is; names features, never a lead
  report jsonb,
  primary key (workspace_id, trained_at)
);

-- What a workspace wants to know the chance of, where it is not a first paid order.
create table predictive_settings (
  workspace_id uuid primary key,
  target text not null check (target in ('order', 'opportunity'))
);
