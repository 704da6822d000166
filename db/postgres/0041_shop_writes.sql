-- What of a shop's customer changes here and is to be written there, noted by triggers, so that no way of changing a lead forgets it.

-- the address of this installation that the shop tells
alter table shops add column base_url text;
create index shops_by_domain on shops (domain);

-- Each row of shop_customers whose lead's tags, fields, notes or consents were changed, but by what the shop itself said.
create function owe_shop_of_leads() returns trigger language plpgsql as $$
begin
  if current_setting('throughline.shop_said', true) = '1' then return null; end if;
  update shop_customers c
  set owed_since = coalesce(c.owed_since, now()),
      sync_status = case when c.sync_status = 'synced' then 'waiting' else c.sync_status end,
      -- the tags before the first change that is owed
      agreed = case when c.agreed ? 'tags' and c.owed_since is not null then c.agreed
                    else c.agreed || jsonb_build_object('tags', to_jsonb(o.tags)) end
  from changed n join gone o on o.id = n.id
  where c.lead_id = n.id and c.deleted_at is null and (n.tags is distinct from o.tags or n.fields is distinct from o.fields);
  return null;
end $$;

create function owe_shop_of_parts() returns trigger language plpgsql as $$
begin
  if current_setting('throughline.shop_said', true) = '1' then return null; end if;
  update shop_customers c
  set owed_since = coalesce(c.owed_since, now()),
      sync_status = case when c.sync_status = 'synced' then 'waiting' else c.sync_status end
  from changed n where c.lead_id = n.lead_id and c.deleted_at is null;
  return null;
end $$;

create trigger leads_changed_for_shops after update on leads
  referencing new table as changed old table as gone for each statement execute function owe_shop_of_leads();
create trigger consents_made_for_shops after insert on consents
  referencing new table as changed for each statement execute function owe_shop_of_parts();
create trigger consents_changed_for_shops after update on consents
  referencing new table as changed for each statement execute function owe_shop_of_parts();
create trigger notes_made_for_shops after insert on notes
  referencing new table as changed for each statement execute function owe_shop_of_parts();
