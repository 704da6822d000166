-- What was sent by hand of people who are no lead: found when they are to be forgotten.
create index deliveries_of_strangers on deliveries (workspace_id) where lead_id is null and item ? 'person';
