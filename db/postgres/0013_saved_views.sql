-- Views of the lead list that a member keeps for themselves or shares: a question, an order and the columns.
create table saved_views (
  id uuid primary key,
  workspace_id uuid not null,
  name text not null,
  -- an actor, as in the audit log
  created_by text not null,
  is_shared boolean not null,
  -- whether other members may change a shared view; owners and admins always may
  is_open boolean not null,
  -- leads/views/contract.ts has the schema
  question jsonb not null,
  columns text[],
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index saved_views_by_workspace on saved_views (workspace_id, lower(name));

-- The view with which the list opens for a member.
create table default_views (
  workspace_id uuid not null,
  user_id uuid not null,
  view_id uuid not null references saved_views on delete cascade,
  primary key (workspace_id, user_id)
);
