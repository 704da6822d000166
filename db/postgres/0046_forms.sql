-- Website forms: what each asks, every version that people saw, what it counted, and addresses that wait to be confirmed.

create table forms (
  id uuid primary key,
  workspace_id uuid not null,
  name text not null,
  -- raised by every change of the definition; what a person agreed to is told by it
  version integer not null default 1,
  -- fields, words, style, protection (src/forms/nouns.ts)
  definition jsonb not null,
  -- as the member who saved it reached the product: links in mails lead there, unless PUBLIC_URL says where
  origin text not null,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index forms_by_workspace on forms (workspace_id, id desc);

-- What people saw, kept for good: the wording of a consent is its proof.
create table form_versions (
  form_id uuid not null references forms (id) on delete cascade,
  version integer not null,
  workspace_id uuid not null,
  definition jsonb not null,
  saved_by text not null,
  saved_at timestamptz not null,
  primary key (form_id, version)
);
create index form_versions_by_workspace on form_versions (workspace_id);

-- By day in UTC: viewed, submitted, confirmed, and each reason for which something was sent back.
create table form_counts (
  form_id uuid not null references forms (id) on delete cascade,
  counted_on date not null,
  outcome text not null,
  workspace_id uuid not null,
  count integer not null,
  primary key (form_id, counted_on, outcome)
);
create index form_counts_by_workspace on form_counts (workspace_id);

-- How often an address, a ticket or a mailbox was used of late; names are keyed hashes, rows go when their time is over.
create table form_uses (
  form_id uuid not null references forms (id) on delete cascade,
  kind text not null,
  name text not null,
  workspace_id uuid not null,
  count integer not null,
  expires_at timestamptz not null,
  primary key (form_id, kind, name)
);
create index form_uses_by_workspace on form_uses (workspace_id);
create index form_uses_by_end on form_uses (expires_at);

-- Consents that count once their address is confirmed.
create table form_confirmations (
  id uuid primary key,
  workspace_id uuid not null,
  form_id uuid not null references forms (id) on delete cascade,
  form_version integer not null,
  -- the submission that it belongs to: the same one asks once
  submission text not null,
  email text not null,
  anonymous_id text not null,
  -- [{purpose, wording}]
  consents jsonb not null,
  page_url text not null,
  -- where the link leads
  origin text not null,
  ip_hash text not null,
  submitted_at timestamptz not null,
  mail_status text not null check (mail_status in ('waiting', 'sent', 'failed', 'held')),
  mail_attempts smallint not null default 0,
  mail_words text,
  tried_at timestamptz,
  confirmed_at timestamptz,
  unique (form_id, submission)
);
create index form_confirmations_by_workspace on form_confirmations (workspace_id);
create index form_confirmations_by_age on form_confirmations (submitted_at);
