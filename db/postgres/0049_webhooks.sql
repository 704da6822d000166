-- Outgoing webhooks: what happened that a webhook of its workspace wants to know of, until it is put into the outbox. A webhook
-- itself is a row of connections. Written by triggers where many writers make the news, so that none of them can forget it.
create index connections_webhooks on connections (workspace_id) where connector = 'webhook';

create table webhook_news (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  -- deliveries/webhooks/contract.ts has the types
  type text not null,
  -- what makes it one: told twice under the same key, it leaves once
  key text not null,
  lead_id uuid,
  happened_at timestamptz not null,
  details jsonb not null default '{}'
);

-- Whether a webhook of a workspace wants to know of a type.
create function wants_news(workspace uuid, news text) returns boolean language sql stable as $$
  select exists (
    select 1 from connections
    where connector = 'webhook' and workspace_id = workspace and status = 'connected' and settings -> 'types' ? news
  )
$$;

-- A statement that tells no webhook: there is none, or it is bulk work.
create function tells_nobody() returns boolean language sql stable as $$
  select coalesce(current_setting('throughline.bulk', true), '') = 'on'
    or not exists (select 1 from connections where connector = 'webhook')
$$;

create function tell_of_new_leads() returns trigger language plpgsql as $$
begin
  if tells_nobody() then return null; end if;
  insert into webhook_news (workspace_id, type, key, lead_id, happened_at)
  select workspace_id, 'lead.created', 'lead.created:' || id, id, now() from changed
  where is_known and status = 'active' and merged_into is null and wants_news(workspace_id, 'lead.created');
  return null;
end $$;
create trigger webhooks_of_new_leads after insert on leads
  referencing new table as changed for each statement execute function tell_of_new_leads();

-- A visitor who becomes known is created for whoever is outside: nobody was told of the visitor.
create function tell_of_known_lead() returns trigger language plpgsql as $$
begin
  if tells_nobody() or not wants_news(new.workspace_id, 'lead.created') then return null; end if;
  insert into webhook_news (workspace_id, type, key, lead_id, happened_at)
  values (new.workspace_id, 'lead.created', 'lead.created:' || new.id, new.id, now());
  return null;
end $$;
create trigger webhooks_of_known_leads after update on leads for each row
  when (new.is_known and not old.is_known and new.status = 'active' and new.merged_into is null)
  execute function tell_of_known_lead();

-- What was placed days ago is history that comes in late, and no news.
create function tell_of_new_orders() returns trigger language plpgsql as $$
begin
  if tells_nobody() then return null; end if;
  insert into webhook_news (workspace_id, type, key, lead_id, happened_at, details)
  select workspace_id, 'order.completed', 'order.completed:' || id, lead_id, placed_at, jsonb_build_object('orderId', id)
  from changed
  where not is_test and cancelled_at is null and last_word = 'order' and placed_at > now() - interval '3 days'
    and wants_news(workspace_id, 'order.completed');
  return null;
end $$;
create trigger webhooks_of_new_orders after insert on orders
  referencing new table as changed for each statement execute function tell_of_new_orders();

create function tell_of_refund() returns trigger language plpgsql as $$
begin
  if tells_nobody() or not wants_news(new.workspace_id, 'order.refunded') then return null; end if;
  insert into webhook_news (workspace_id, type, key, lead_id, happened_at, details)
  values (new.workspace_id, 'order.refunded', 'order.refunded:' || new.id || ':' || new.refunded_minor, new.lead_id, now(),
    jsonb_build_object('orderId', new.id));
  return null;
end $$;
create trigger webhooks_of_refunds after update on orders for each row
  when (new.refunded_minor > old.refunded_minor and not new.is_test) execute function tell_of_refund();

create function tell_of_segment_moves() returns trigger language plpgsql as $$
begin
  if tells_nobody() then return null; end if;
  insert into webhook_news (workspace_id, type, key, lead_id, happened_at, details)
  select workspace_id, 'segment.' || kind, 'segment:' || id, lead_id, moved_at, jsonb_build_object('segmentId', segment_id)
  from changed where wants_news(workspace_id, 'segment.' || kind);
  return null;
end $$;
create trigger webhooks_of_segment_moves after insert on segment_moves
  referencing new table as changed for each statement execute function tell_of_segment_moves();
