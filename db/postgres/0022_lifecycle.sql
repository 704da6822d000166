-- Stages that people set: inputs, as they were decided. What a lead's stage is, is made of them, of events, orders and rules.
create table manual_moves (
  id uuid primary key,
  workspace_id uuid not null,
  lead_id uuid not null,
  at timestamptz not null,
  -- the stage that was shown when it was decided
  seen text not null,
  to_stage text not null,
  reason text not null,
  -- user:<id> or key:<id>
  actor text not null,
  amount_minor bigint,
  currency text
);
create index manual_moves_by_lead on manual_moves (lead_id, at);

create trigger manual_moves_made after insert on manual_moves
  referencing new table as changed for each statement execute function owe_facts_of_parts();
create trigger manual_moves_gone after delete on manual_moves
  referencing old table as changed for each statement execute function owe_facts_of_parts();
