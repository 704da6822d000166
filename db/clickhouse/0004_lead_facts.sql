-- The current row of each lead, for questions over many leads: filters, sorts, counts, previews. PostgreSQL decides; this is
-- its copy, newest version first, written after each change. Read it with `final`. Texts are folded to lower case, since
-- comparisons know no case; those of few values are kept as they are. '' stands for a text that nobody knows.
create table lead_facts (
  workspace_id UUID,
  lead_id UUID,
  version UInt64,
  -- gone: part of another lead now, or erased
  state Enum8('active' = 0, 'binned' = 1, 'gone' = 2),
  is_known Bool,
  email String,
  phone String,
  first_name String,
  last_name String,
  company String,
  job_title LowCardinality(String),
  city LowCardinality(String),
  country LowCardinality(String),
  language LowCardinality(String),
  time_zone LowCardinality(String),
  source LowCardinality(String),
  owner_id LowCardinality(String),
  tags Array(LowCardinality(String)),
  -- custom fields by type, each under its key as text (t_), number (n_), truth (b_) and, where a text is a date, date (d_)
  fields JSON,
  consent_email_marketing Enum8('unknown' = 0, 'granted' = 1, 'denied' = 2),
  consent_sms_marketing Enum8('unknown' = 0, 'granted' = 1, 'denied' = 2),
  consent_analytics Enum8('unknown' = 0, 'granted' = 1, 'denied' = 2),
  consent_ad_user_data Enum8('unknown' = 0, 'granted' = 1, 'denied' = 2),
  consent_ad_personalisation Enum8('unknown' = 0, 'granted' = 1, 'denied' = 2),
  created_at DateTime64(3, 'UTC'),
  updated_at DateTime64(3, 'UTC'),
  binned_at Nullable(DateTime64(3, 'UTC')),
  first_seen_at Nullable(DateTime64(3, 'UTC')),
  last_seen_at Nullable(DateTime64(3, 'UTC')),
  event_count UInt32,
  session_count UInt32,
  page_count UInt32,
  first_channel LowCardinality(String),
  last_channel LowCardinality(String),
  -- orders that count: neither cancelled nor a shop's test; revenue is net of refunds, in minor units, by currency
  order_count UInt32,
  revenue_minor Map(LowCardinality(String), Int64),
  first_order_at Nullable(DateTime64(3, 'UTC')),
  last_order_at Nullable(DateTime64(3, 'UTC')),
  -- first and last name without accents and case, to sort by
  name_key String,
  -- name, e-mail, company and phone, to search in
  search_text String
)
engine = {ReplacingMergeTree(version)}
order by (workspace_id, lead_id);
