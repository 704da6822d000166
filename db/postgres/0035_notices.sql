-- What the team said of things that wait for a person: who takes care of it, and until when it was dismissed.
create table notice_answers (
  workspace_id uuid not null,
  kind text not null,
  -- the id of the lead or the import; empty where a kind has but one
  subject text not null default '',
  owner_id text,
  -- what happens after this brings it back
  dismissed_through timestamptz,
  dismissed_by text,
  dismissed_at timestamptz,
  primary key (workspace_id, kind, subject)
);
