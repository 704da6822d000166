-- Replies kept for a day under the Idempotency-Key that their request carried.
create table idempotency_keys (
  workspace_id uuid not null,
  actor text not null,
  key text not null,
  digest text not null,
  status smallint,
  reply jsonb,
  created_at timestamptz not null default now(),
  primary key (workspace_id, actor, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Job workers beat here; the jobs of one whose heart stood still are freed for others.
create table worker_hearts (
  worker_id text primary key,
  beat_at timestamptz not null
);
