-- Resolves a merged lead to the lead it is part of now, in memory; reloaded after each feed of lead_aliases.
create dictionary lead_alias (
  lead_id UUID,
  target_id UUID
)
primary key lead_id
source(clickhouse(query 'select lead_id, target_id from {database}.lead_aliases final where is_removed = 0'))
lifetime(0)
layout(complex_key_hashed());
