-- Pairs of leads that a person said are two people, by dismissing a proposal or undoing a merge: no evidence proposes or
-- merges them any more; a person still can.
create table kept_apart (
  workspace_id uuid not null,
  -- lead_a < lead_b
  lead_a uuid not null,
  lead_b uuid not null,
  -- the merged lead of which the pair was said first; null where it was said of these two
  through uuid,
  kept_at timestamptz not null,
  primary key (lead_a, lead_b)
);
create index kept_apart_by_other on kept_apart (lead_b);
create index kept_apart_by_workspace on kept_apart (workspace_id);
