-- Work that scores many leads anew: because somebody asked, or because other rules were adopted.
create table score_runs (
  id uuid primary key,
  workspace_id uuid not null,
  cause text not null check (cause in ('asked', 'adopted')),
  status text not null check (status in ('running', 'done', 'failed')),
  -- null: every lead
  lead_ids uuid[],
  -- the lead that it has come to, in the order of ids
  after_id uuid,
  total integer not null,
  done integer not null default 0,
  error text,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index score_runs_by_workspace on score_runs (workspace_id, id desc);
