-- What the list of leads searches and filters by, made once when a row is written instead of at each question:
-- a search over 100,000 leads reads one short text per lead, a filter by channel no longer unpacks every state.
alter table leads add column search_text text generated always as (
  lower((coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(company, '') || ' ' || coalesce(phone, '')) collate "und-x-icu")
) stored;
alter table lead_activity
  add column first_channel text generated always as (state->'firstTouch'->>'channel') stored,
  add column last_channel text generated always as (state->'lastTouch'->>'channel') stored;
