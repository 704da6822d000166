-- Imports that are rehearsed before they start and can be taken back after they ended.

alter table imports
  -- what a rehearsal counted or counts: imports/contract.ts has the schema
  add column rehearsal jsonb,
  -- how far and with what result the import was taken back; null where nobody asked for it
  add column undo jsonb,
  add column undo_at timestamptz,
  add column undo_by text,
  -- what is left to be taken back stands in rows before this one
  add column undo_row integer;

-- what each batch made and wrote over, in one row: 100 bytes for a new lead, 300 for a changed one
create table import_traces (
  import_id uuid not null references imports on delete cascade,
  to_row integer not null,
  -- the instant that the batch signed its words with
  at timestamptz not null,
  leads uuid[] not null,
  -- external ids of the orders that were new
  orders text[] not null,
  -- JSON: leads/changes.ts has the shape
  changes text not null,
  primary key (import_id, to_row)
);
create index import_traces_by_time on import_traces (at);
