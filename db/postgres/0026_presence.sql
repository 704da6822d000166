-- The copy of the leads has more of them from here on: when they were there. Every row is written anew.
insert into lead_facts_owed (workspace_id)
select id from workspaces w
where not exists (select from lead_facts_owed o where o.workspace_id = w.id and o.lead_ids is null);
