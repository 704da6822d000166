-- Whether bulk work or an import changed these leads: it says so in its transaction, and what people just did goes first.
alter table lead_facts_owed
  add column is_bulk boolean not null default coalesce(current_setting('throughline.bulk', true), '') = 'on';
