-- Rules that a workspace adopted, each version whole and for good: the highest is in force, 0 are the defaults in code.
create table rule_sets (
  workspace_id uuid not null,
  kind text not null check (kind in ('score', 'score_scale', 'lifecycle', 'attribution')),
  version integer not null check (version > 0),
  rules jsonb not null,
  adopted_at timestamptz not null,
  actor text not null,
  note text not null default '',
  primary key (workspace_id, kind, version)
);

-- Rules that are being worked on; one draft of a kind.
create table rule_drafts (
  workspace_id uuid not null,
  kind text not null check (kind in ('score', 'lifecycle', 'attribution')),
  rules jsonb not null,
  saved_at timestamptz not null,
  actor text not null,
  primary key (workspace_id, kind)
);

-- What is understood of a lead: a function of its history and the rules, made anew whenever something about it changes.
create table lead_states (
  lead_id uuid primary key,
  workspace_id uuid not null,
  stage text not null,
  stage_since timestamptz,
  -- the version of the score's rules by which it was made
  score_version integer not null,
  -- what lead_facts in ClickHouse has of it, by column
  facts jsonb not null,
  -- what only the lead's own page needs, by projection
  details jsonb not null default '{}',
  computed_at timestamptz not null
);
create index lead_states_by_stage on lead_states (workspace_id, stage, lead_id);
