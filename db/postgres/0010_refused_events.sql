-- Events that ClickHouse refuses for good: the batch that holds them is sent in pieces, and they are kept here with its words.

-- Null while the batch is sent whole. From then on never whole again: rows before `settled` are done with, and the piece in
-- work is the next `piece` rows, noted before it is sent, so that after a crash the same piece goes under the same token.
alter table batches add column settled integer, add column piece integer;

create table refused_events (
  id uuid primary key,
  workspace_id uuid not null,
  lead_id uuid not null,
  event_id uuid not null,
  batch_id uuid not null,
  -- among the rows of the batch
  place integer not null,
  name text not null,
  occurred_at text not null,
  -- the row as it was sent, JSONCompactEachRow
  line text not null,
  -- what ClickHouse said of it
  words text not null,
  refused_at timestamptz not null default now()
);
create index refused_events_by_workspace on refused_events (workspace_id, id desc);
create index refused_events_by_event on refused_events (event_id);
create index refused_events_by_lead on refused_events (lead_id);
