-- The outbox: one row for each item and the connection it is to leave over, written in the transaction that causes it.

create table deliveries (
  id uuid primary key,
  workspace_id uuid not null,
  connection_id uuid not null,
  -- what kind of item it is, which says who makes and sends it: conversion
  kind text not null,
  -- the same item never leaves twice
  key text not null,
  lead_id uuid,
  -- the name of the event that it tells of
  event text not null,
  occurred_at timestamptz not null,
  status text not null default 'waiting' check (status in ('waiting', 'sending', 'sent', 'withheld', 'refused', 'unknown')),
  -- why it was withheld or refused: a word of a closed list (deliveries/contract.ts)
  reason text,
  -- the newest outcome in words: the vendor's own where it said any
  words text,
  -- what is to leave, before it is in the vendor's form
  item jsonb not null,
  -- as it left
  payload jsonb,
  -- [{at, kind, words}], the oldest first
  attempts jsonb not null default '[]',
  attempt_count smallint not null default 0,
  next_at timestamptz not null,
  -- who holds it gives it up then
  claimed_until timestamptz,
  -- when it left for the first time; what is claimed and has not left may be claimed again
  left_at timestamptz,
  -- set before each time it leaves, taken away where its outcome is known
  is_leaving boolean not null default false,
  settled_at timestamptz,
  -- since when it is tried: three days later it is given up
  waiting_since timestamptz not null,
  created_at timestamptz not null,
  unique (connection_id, key)
);
create index deliveries_waiting on deliveries (connection_id, next_at) where status = 'waiting';
create index deliveries_sending on deliveries (claimed_until) where status = 'sending';
create index deliveries_by_workspace on deliveries (workspace_id, id desc);
create index deliveries_by_time on deliveries (connection_id, occurred_at);
create index deliveries_by_lead on deliveries (lead_id) where lead_id is not null;
