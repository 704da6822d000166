-- How conversions go to a connection: which events under which names, and whether they are forwarded by themselves.
create table conversion_destinations (
  connection_id uuid primary key,
  workspace_id uuid not null,
  forwards boolean not null default false,
  -- events before are not forwarded; set when forwarding is first switched on, and kept
  forwards_from timestamptz,
  -- mappings that differ from the connector's defaults: [{event, isOn, name, parameters}]
  mappings jsonb not null default '[]',
  updated_by text not null,
  updated_at timestamptz not null
);
create index conversion_destinations_forwarding on conversion_destinations (workspace_id) where forwards;
