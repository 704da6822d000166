-- How well health did on the workspace's own past, worked out after each night's learning; null until then.
alter table journey_models add column health jsonb;
