-- Work on many leads at once: what was asked, of which leads, and how far it is. The leads are fixed when it is confirmed.

create table bulk_jobs (
  id uuid primary key,
  workspace_id uuid not null,
  team_id uuid not null,
  -- leads/bulk/contract.ts has the schemas of both
  action jsonb not null,
  selection jsonb not null,
  status text not null check (status in ('running', 'done', 'cancelled', 'failed')),
  total integer not null,
  -- leads looked at, and those of them that it changed
  done integer not null default 0,
  changed integer not null default 0,
  -- the chunk to work next; it moves in the transaction that worked the one before
  next_seq integer not null default 0,
  failures integer not null default 0,
  error text,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index bulk_jobs_by_workspace on bulk_jobs (workspace_id, id desc);

-- The leads of a job, some thousand to a row; gone when it has ended.
create table bulk_chunks (
  job_id uuid not null references bulk_jobs on delete cascade,
  seq integer not null,
  lead_ids uuid[] not null,
  primary key (job_id, seq)
);
