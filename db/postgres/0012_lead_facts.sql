-- What ClickHouse's copy of the leads lacks: whoever changes a lead, its consents, its activity or its orders owes the copy a
-- fresh row. Written by triggers, one row per statement, so that no way of changing a lead can forget it; the worker sends
-- what is owed after the commit and clears it.
create table lead_facts_owed (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  -- null: every lead of the workspace; `after_id` says how far it is, `since_version` what the copy held before
  lead_ids uuid[],
  after_id uuid,
  since_version bigint
);
create index lead_facts_owed_by_workspace on lead_facts_owed (workspace_id);
-- A version is taken after what is owed is known and before the leads are read: the row read last wins.
create sequence lead_facts_version;

create function owe_facts_of_leads() returns trigger language plpgsql as $$
begin
  insert into lead_facts_owed (workspace_id, lead_ids)
  select workspace_id, array_agg(id) from changed group by workspace_id;
  return null;
end $$;

create function owe_facts_of_parts() returns trigger language plpgsql as $$
begin
  insert into lead_facts_owed (workspace_id, lead_ids)
  select workspace_id, array_agg(distinct lead_id) from changed group by workspace_id;
  return null;
end $$;

-- An order may go over to another lead: the one that had it owes too.
create function owe_facts_of_moved_orders() returns trigger language plpgsql as $$
begin
  insert into lead_facts_owed (workspace_id, lead_ids)
  select workspace_id, array_agg(distinct lead_id)
  from (select workspace_id, lead_id from changed union all select workspace_id, lead_id from gone) either
  group by workspace_id;
  return null;
end $$;

create trigger leads_made after insert on leads
  referencing new table as changed for each statement execute function owe_facts_of_leads();
create trigger leads_changed after update on leads
  referencing new table as changed for each statement execute function owe_facts_of_leads();
create trigger leads_gone after delete on leads
  referencing old table as changed for each statement execute function owe_facts_of_leads();

create trigger consents_made after insert on consents
  referencing new table as changed for each statement execute function owe_facts_of_parts();
create trigger consents_changed after update on consents
  referencing new table as changed for each statement execute function owe_facts_of_parts();
create trigger consents_gone after delete on consents
  referencing old table as changed for each statement execute function owe_facts_of_parts();

create trigger activity_made after insert on lead_activity
  referencing new table as changed for each statement execute function owe_facts_of_parts();
create trigger activity_changed after update on lead_activity
  referencing new table as changed for each statement execute function owe_facts_of_parts();
create trigger activity_gone after delete on lead_activity
  referencing old table as changed for each statement execute function owe_facts_of_parts();

create trigger orders_made after insert on orders
  referencing new table as changed for each statement execute function owe_facts_of_parts();
create trigger orders_changed after update on orders
  referencing new table as changed old table as gone for each statement execute function owe_facts_of_moved_orders();
create trigger orders_gone after delete on orders
  referencing old table as changed for each statement execute function owe_facts_of_parts();

-- What an installation holds already is owed whole.
insert into lead_facts_owed (workspace_id) select id from workspaces;
