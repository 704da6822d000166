-- Since when a connection does not work, whatever is asked of it meanwhile.
alter table connections add column lost_at timestamptz;
update connections set lost_at = greatest(updated_at, checked_at, last_event_at) where status in ('failing', 'reconnect');

create function date_loss() returns trigger language plpgsql as $$
begin
  new.lost_at := case when new.status in ('failing', 'reconnect') then now() end;
  return new;
end $$;
create trigger connections_lost before update on connections for each row
  when (new.status is distinct from old.status) execute function date_loss();

-- Up to when somebody has seen the notices of a workspace.
create table notice_views (
  workspace_id uuid not null,
  -- user:<id> or key:<id>
  actor text not null,
  seen_at timestamptz not null,
  primary key (workspace_id, actor)
);
