-- Leads: people, known or still anonymous; what identifies them; what they agreed to; what is noted about them.

create table leads (
  id uuid primary key,
  workspace_id uuid not null,
  status text not null default 'active' check (status in ('active', 'merged', 'binned')),
  merged_into uuid,
  binned_at timestamptz,
  -- an e-mail, phone, user id or vendor id is known
  is_known boolean not null default false,
  email text,
  phone text,
  first_name text,
  last_name text,
  company text,
  job_title text,
  city text,
  country text,
  language text,
  time_zone text,
  -- where the lead first came from: tracking, import, manual, api
  source text not null,
  owner_id text,
  tags text[] not null default '{}',
  fields jsonb not null default '{}',
  -- {field: [rank, epoch ms]}: who told it and when, so that a weaker or older word does not overwrite a stronger one
  provenance jsonb not null default '{}',
  revision integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index leads_by_creation on leads (workspace_id, created_at desc, id desc) where status = 'active';
create index leads_known_by_creation on leads (workspace_id, created_at desc, id desc) where status = 'active' and is_known;
create index leads_by_merge on leads (merged_into) where merged_into is not null;
create index leads_by_email on leads (workspace_id, email text_pattern_ops) where email is not null;

-- kind: 1 user id, 2 vendor customer id, 3 e-mail (match key), 4 anonymous id, 5 phone
create table identifiers (
  workspace_id uuid not null,
  kind smallint not null,
  value text not null,
  -- the lead that the value speaks for now
  lead_id uuid not null,
  -- on how many leads it was ever seen; above 10 it is no evidence any more
  lead_count smallint not null default 1,
  seen_at timestamptz not null,
  primary key (workspace_id, kind, value)
);
create index identifiers_by_lead on identifiers (lead_id);

-- the other leads on which a value was seen: a phone shared in a household, an anonymous id of a shared device
create table identifier_shares (
  workspace_id uuid not null,
  kind smallint not null,
  value text not null,
  lead_id uuid not null,
  seen_at timestamptz not null,
  primary key (workspace_id, kind, value, lead_id)
);
create index identifier_shares_by_lead on identifier_shares (lead_id);

create table merges (
  id uuid primary key,
  workspace_id uuid not null,
  winner_id uuid not null,
  loser_id uuid not null,
  reason text not null,
  evidence jsonb not null,
  -- what the merge changed, so that it can be undone to the letter
  before jsonb not null,
  actor text not null,
  merged_at timestamptz not null,
  undone_at timestamptz,
  undone_by text
);
create index merges_by_winner on merges (winner_id);
create index merges_by_loser on merges (loser_id);

create table merge_proposals (
  id uuid primary key,
  workspace_id uuid not null,
  lead_a uuid not null,
  lead_b uuid not null,
  reason text not null,
  evidence jsonb not null,
  proposed_at timestamptz not null,
  resolved_at timestamptz,
  resolution text,
  unique (workspace_id, lead_a, lead_b)
);

create table consents (
  workspace_id uuid not null,
  lead_id uuid not null,
  purpose text not null,
  state text not null check (state in ('granted', 'denied')),
  source text not null,
  proof jsonb not null default '{}',
  -- the instant of the person's act; null where the source does not tell it
  acted_at timestamptz,
  recorded_at timestamptz not null,
  primary key (lead_id, purpose)
);

create table consent_history (
  id uuid primary key,
  workspace_id uuid not null,
  lead_id uuid not null,
  purpose text not null,
  state text not null,
  source text not null,
  proof jsonb not null default '{}',
  actor text,
  acted_at timestamptz,
  recorded_at timestamptz not null,
  -- false: kept as evidence, but an act that was newer or stricter stands
  took_effect boolean not null
);
create index consent_history_by_lead on consent_history (lead_id, recorded_at desc);

create table notes (
  id uuid primary key,
  workspace_id uuid not null,
  lead_id uuid not null,
  author text not null,
  body text not null,
  created_at timestamptz not null
);
create index notes_by_lead on notes (lead_id, created_at desc);

create table custom_fields (
  workspace_id uuid not null,
  key text not null,
  label text not null,
  type text not null check (type in ('text', 'number', 'date', 'boolean')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);

-- Projection `activity`: what a lead did, folded from its events (projections/activity).
create table lead_activity (
  lead_id uuid primary key,
  workspace_id uuid not null,
  version smallint not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  event_count integer not null,
  session_count integer not null,
  state jsonb not null
);
create index lead_activity_by_last_seen on lead_activity (workspace_id, last_seen_at desc, lead_id desc);

create table orders (
  id uuid primary key,
  workspace_id uuid not null,
  lead_id uuid not null,
  source text not null,
  external_id text not null,
  number text,
  status text not null,
  currency text not null,
  total_minor bigint not null,
  subtotal_minor bigint not null,
  shipping_minor bigint not null,
  tax_minor bigint not null,
  refunded_minor bigint not null,
  placed_at timestamptz not null,
  cancelled_at timestamptz,
  is_test boolean not null default false,
  lines jsonb not null default '[]',
  updated_at timestamptz not null,
  -- what the last word was: order, refund or cancel, and whether its refund is the sum (set) or one more (add)
  last_word text not null,
  unique (workspace_id, source, external_id)
);
create index orders_by_lead on orders (lead_id, placed_at desc);
