-- Custom fields that people look after: where each came from, who decided its type, those out of the choices, those that are
-- part of others now; and work on a field over all its leads.

alter table custom_fields
  -- who named it first: tracking, import, manual, api; null from before that was kept
  add column origin text,
  -- a person decided the type: words that come in are read as that
  add column is_type_chosen boolean not null default false,
  add column archived_at timestamptz,
  -- its values are being taken off; what still comes in under it is dropped until it is gone
  add column is_leaving boolean not null default false,
  -- the field whose values it feeds since it was merged; it is no field of its own any more
  add column merged_into text;

create table field_jobs (
  id uuid primary key,
  workspace_id uuid not null,
  team_id uuid not null,
  -- the field that is worked on, as it was called when it was begun
  key text not null,
  label text not null,
  -- leads/fields/contract.ts has the schema
  work jsonb not null,
  status text not null check (status in ('running', 'done', 'failed')),
  -- leads that have a word of the field, and of those the ones done and changed; merged ones are not counted
  total integer not null,
  done integer not null default 0,
  changed integer not null default 0,
  -- values that do not fit the type and stay as they are
  unfit integer not null default 0,
  -- the last lead that was looked at; it moves in the transaction that worked up to it
  after_id uuid,
  -- transactions before this one may still write by the old rules; set when the work begins, which waits for them
  waits_for xid8,
  failures integer not null default 0,
  error text,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index field_jobs_by_workspace on field_jobs (workspace_id, id desc);
