-- Imports: the uploaded file in pieces, how it is read, how far it was read, and the rows that were refused.

create table imports (
  id uuid primary key,
  workspace_id uuid not null,
  kind text not null check (kind in ('contacts', 'orders')),
  file_name text not null,
  status text not null
    check (status in ('uploading', 'uploaded', 'mapped', 'running', 'done', 'failed', 'cancelled')),
  encoding text not null,
  delimiter text not null,
  -- the row that names the columns; 0 where none does
  header_row integer not null,
  -- imports/contract.ts has the schema
  mapping jsonb not null,
  size_bytes bigint not null default 0,
  read_bytes bigint not null default 0,
  -- rows up to this one are settled; it moves in the transaction that wrote what they became
  checkpoint_row integer not null default 0,
  rows_read integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  skipped integer not null default 0,
  rejected integer not null default 0,
  -- further rows of an order
  joined integer not null default 0,
  warnings integer not null default 0,
  footers integer not null default 0,
  error text,
  created_by text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index imports_by_workspace on imports (workspace_id, id desc);
create index imports_running on imports (started_at) where status = 'running';
create index imports_waiting on imports (created_at) where status in ('uploading', 'uploaded', 'mapped');

-- the file as it came, about 1 MB a piece, each gzipped by itself; gone once the import has ended
create table import_chunks (
  import_id uuid not null references imports on delete cascade,
  seq integer not null,
  bytes bytea not null,
  primary key (import_id, seq)
);
alter table import_chunks alter column bytes set storage external;

create table import_errors (
  id bigint generated always as identity primary key,
  import_id uuid not null references imports on delete cascade,
  row_number integer not null,
  severity text not null check (severity in ('rejected', 'warning')),
  column_name text not null,
  problem text not null,
  -- the cells as they stood in the file, as a JSON array, 2 kB at most
  cells text not null
);
create index import_errors_by_import on import_errors (import_id, row_number, id);
