-- What an import or bulk work logs is sent after what visitors and members did: they look, a file does not.
alter table batches add column is_bulk boolean not null default false;
drop index batches_open;
create index batches_open on batches (is_bulk, id) where closed_at is null;
