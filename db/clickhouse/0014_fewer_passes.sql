-- Of what one tab of reports asks, as much as goes is read in one pass over the leads: columns for that, computed as a row is written.
alter table lead_facts
  -- days with an act, each with how many: day * 2^32 + count
  add column if not exists seen_cells Array(UInt64) materialized arrayMap(
    d -> bitShiftLeft(toUInt64(d), 32) + arraySum((e, c) -> if(e = d, toUInt64(c), 0), act_days, act_counts), arrayDistinct(act_days)),
  -- an entry for each visit: day * 32 + the place of its channel among those of src/events/touch.ts from 1 on, 31 without one, 0 for any other
  add column if not exists visit_places Array(UInt32) materialized arrayFlatten(arrayMap(
    (d, w, c) -> arrayWithConstant(c, toUInt32(d * 32 + transform(toString(w), ['Direct', 'Cross-network', 'Paid Search', 'Paid Shopping',
      'Paid Social', 'Paid Video', 'Display', 'Paid Other', 'Organic Search', 'Organic Shopping', 'Organic Social', 'Organic Video',
      'AI Assistant', 'Email', 'SMS', 'Mobile Push', 'Affiliates', 'Audio', 'Referral', 'Unassigned', ''],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 31], 0))), visit_days, visit_channels, visit_counts)),
  -- order_days, order_minor and order_currencies, whose places are told once
  add column if not exists placed_orders Array(Tuple(day UInt16, minor Int64, currency LowCardinality(String)))
    materialized arrayZip(order_days, order_minor, order_currencies),
  -- when the opportunity was won, seconds since 1970; 0 where it was not
  add column if not exists won_at UInt32 materialized toUInt32(arrayFirst((f, s) -> s = 5 and toUInt32(f) >= opportunity_at, stay_since, stay_stages));

alter table lead_facts
  materialize column seen_cells, materialize column visit_places, materialize column placed_orders, materialize column won_at;

-- Credit of one goal is a part of all: each lies together once more, in order of leads. A projection is made anew as parts become one,
-- and where rows are deleted.
alter table credits modify setting deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';
alter table credit_paths modify setting deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

alter table credits add projection if not exists by_goal (
  select workspace_id, goal, lead_id, is_removed, converted_at, is_first, channel, source, campaign, currency,
    first_units, first_minor, last_units, last_minor, last_non_direct_units, last_non_direct_minor, linear_units, linear_minor,
    unique_linear_units, unique_linear_minor, time_decay_units, time_decay_minor, u_shaped_units, u_shaped_minor, w_shaped_units,
    w_shaped_minor, position_units, position_minor
  order by workspace_id, goal, lead_id
);

-- Texts are joined and grouped quicker than lists.
alter table credit_paths
  add column if not exists way String materialized arrayStringConcat(path, '\n'),
  add column if not exists is_converted Bool materialized conversion_id != '';

alter table credit_paths materialize column way, materialize column is_converted;

alter table credit_paths add projection if not exists by_goal (
  select workspace_id, goal, lead_id, is_removed, is_converted, ended_at, way, days, conversions, value_minor, currency
  order by workspace_id, goal, lead_id
);

alter table credits materialize projection by_goal;
alter table credit_paths materialize projection by_goal
