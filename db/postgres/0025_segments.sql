-- Segments: conditions with a name, and who fits them. segments/contract.ts has the schema of conditions and reasons.
create table segments (
  id uuid primary key,
  workspace_id uuid not null,
  name text not null,
  description text not null,
  condition jsonb not null,
  version int not null,
  -- filling: its members are being looked up, `filled` of `to_fill` are done; broken: its condition cannot be asked any more
  status text not null check (status in ('filling', 'live', 'broken')),
  problem text,
  filled int not null default 0,
  to_fill int not null default 0,
  size int not null default 0,
  -- when all leads were last held against it
  looked_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index segments_by_name on segments (workspace_id, lower(name));

-- Every definition that a segment had: append-only.
create table segment_versions (
  workspace_id uuid not null,
  segment_id uuid not null references segments on delete cascade,
  version int not null,
  condition jsonb not null,
  actor text not null,
  adopted_at timestamptz not null,
  primary key (segment_id, version)
);

create table segment_members (
  workspace_id uuid not null,
  segment_id uuid not null references segments on delete cascade,
  lead_id uuid not null,
  entered_at timestamptz not null,
  reason jsonb not null,
  primary key (segment_id, lead_id)
);
create index segment_members_by_lead on segment_members (lead_id);

-- Who entered and left, and why; of the leads that a new segment begins with, segment_members alone tells.
create table segment_moves (
  id uuid primary key,
  workspace_id uuid not null,
  segment_id uuid not null references segments on delete cascade,
  lead_id uuid not null,
  kind text not null check (kind in ('entered', 'left')),
  moved_at timestamptz not null,
  -- of who left: since when they were in it
  entered_at timestamptz,
  version int not null,
  reason jsonb not null
);
create index segment_moves_by_segment on segment_moves (segment_id, id);
create index segment_moves_by_lead on segment_moves (lead_id, id);

-- How large a segment was on each day of the workspace, at its last look, and who came and went.
create table segment_days (
  workspace_id uuid not null,
  segment_id uuid not null references segments on delete cascade,
  day date not null,
  size int not null,
  entered int not null,
  departed int not null,
  primary key (segment_id, day)
);
