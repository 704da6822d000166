-- Erasure: what must never come back, as keyed hashes, and what was erased or purged, without a word about whom.

-- The key of a workspace's hashes, made with its first erasure: without a row nobody was erased, and nothing is looked up.
create table erasure_keys (
  workspace_id uuid primary key,
  key text not null
);

create table suppressions (
  workspace_id uuid not null,
  -- as in identifiers
  kind smallint not null,
  -- half of SHA-256 over the key, the kind and the value
  hash uuid not null,
  erased_at timestamptz not null,
  primary key (workspace_id, hash, kind)
);

-- The keys of those workspaces that have one, read after every erasure under way is through: batches hold this shared,
-- an erasure alone, so that no batch writes about a person whom it still saw.
create function erasure_keys_of(workspaces uuid[]) returns table (workspace uuid, key text) language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(7310, hashtext(id::text)) from unnest(workspaces) as id order by id;
  return query select k.workspace_id, k.key from erasure_keys k where k.workspace_id = any(workspaces);
end $$;

create table erasures (
  id uuid primary key,
  workspace_id uuid not null,
  -- erased on request, or purged after its time in the bin
  kind text not null check (kind in ('erased', 'purged')),
  lead_ids uuid[] not null,
  people integer not null,
  actor text not null,
  erased_at timestamptz not null,
  -- by PostgreSQL's own clock: every batch that may speak of them was opened before
  noted_at timestamptz not null default clock_timestamp(),
  -- when the log held nothing of them any more
  log_cleared_at timestamptz
);
create index erasures_by_workspace on erasures (workspace_id, id desc);
create index leads_in_bin on leads (binned_at) where status = 'binned';
