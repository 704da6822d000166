-- Days of leads are those of their workspace's zone: where that changes, every row of the copy is written anew.
create function owe_zone_days() returns trigger language plpgsql as $$
begin
  insert into lead_facts_owed (workspace_id) values (new.id);
  return null;
end $$;
create trigger owe_zone_days after update of time_zone on workspaces
  for each row when (old.time_zone is distinct from new.time_zone) execute function owe_zone_days();
