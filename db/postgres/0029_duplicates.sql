-- What looking for duplicates keeps of leads: which revision of a lead was looked at last, and the keys under which it meets others.
create table duplicate_looked (
  lead_id uuid primary key,
  workspace_id uuid not null,
  revision integer not null
);
create index duplicate_looked_by_workspace on duplicate_looked (workspace_id);

create table duplicate_keys (
  workspace_id uuid not null,
  key bigint not null,
  lead_id uuid not null,
  primary key (workspace_id, key, lead_id)
);
create index duplicate_keys_by_lead on duplicate_keys (lead_id);

-- One row per workspace that looked or chose: the choice, and how the last look went.
create table duplicate_looks (
  workspace_id uuid primary key,
  merges_itself boolean not null default false,
  merge_at double precision not null default 0.99,
  -- null: no look is under way
  began_at timestamptz,
  -- the last lead that the look under way has done
  done_to uuid,
  looked_at timestamptz,
  leads_looked integer not null default 0,
  pairs_found integer not null default 0,
  merged integer not null default 0
);
