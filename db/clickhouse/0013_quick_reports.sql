-- What reports over many leads read instead of the columns that it is made of: ClickHouse computes it as a row is written. `select *`
-- leaves such columns out. To filter a column of arrays costs more than to sum it, so that what belongs together lies in one.
alter table lead_facts
  -- each day with an act once
  add column if not exists seen_days Array(UInt16) materialized arrayDistinct(act_days),
  -- act_days, act_names and act_counts as one number each: day * 2^48 + half of the hash of the name * 2^16 + count; more than
  -- 65,535 of a day are several
  add column if not exists act_cells Array(UInt64) materialized arrayFlatten(arrayMap(
    (d, w, c) -> arrayMap(i -> bitShiftLeft(toUInt64(d), 48) + bitShiftLeft(bitAnd(cityHash64(w), 4294967295), 16) + least(c - i * 65535, 65535),
      range(toUInt64(intDiv(toUInt64(c) + 65534, 65535)))), act_days, act_names, act_counts)),
  -- visits by channel in the same way
  add column if not exists visit_cells Array(UInt64) materialized arrayFlatten(arrayMap(
    (d, w, c) -> arrayMap(i -> bitShiftLeft(toUInt64(d), 48) + bitShiftLeft(bitAnd(cityHash64(w), 4294967295), 16) + least(c - i * 65535, 65535),
      range(toUInt64(intDiv(toUInt64(c) + 65534, 65535)))), visit_days, visit_channels, visit_counts)),
  -- seconds since 1970 at which the first stay began; 0 without any
  add column if not exists came_at UInt32 materialized toUInt32(stay_since[1]),
  -- seconds from then until a stage or one beyond it was come to; 4294967295 where none was
  add column if not exists reached_1_after UInt32 materialized arrayMin(arrayPushBack(arrayMap(
    (s, f) -> if(s >= 1, toUInt32(least(4294967294, greatest(0, toInt64(f) - toInt64(stay_since[1])))), toUInt32(4294967295)),
    stay_stages, stay_since), toUInt32(4294967295))),
  add column if not exists reached_2_after UInt32 materialized arrayMin(arrayPushBack(arrayMap(
    (s, f) -> if(s >= 2, toUInt32(least(4294967294, greatest(0, toInt64(f) - toInt64(stay_since[1])))), toUInt32(4294967295)),
    stay_stages, stay_since), toUInt32(4294967295))),
  add column if not exists reached_3_after UInt32 materialized arrayMin(arrayPushBack(arrayMap(
    (s, f) -> if(s >= 3, toUInt32(least(4294967294, greatest(0, toInt64(f) - toInt64(stay_since[1])))), toUInt32(4294967295)),
    stay_stages, stay_since), toUInt32(4294967295))),
  add column if not exists reached_4_after UInt32 materialized arrayMin(arrayPushBack(arrayMap(
    (s, f) -> if(s >= 4, toUInt32(least(4294967294, greatest(0, toInt64(f) - toInt64(stay_since[1])))), toUInt32(4294967295)),
    stay_stages, stay_since), toUInt32(4294967295))),
  add column if not exists reached_5_after UInt32 materialized arrayMin(arrayPushBack(arrayMap(
    (s, f) -> if(s >= 5, toUInt32(least(4294967294, greatest(0, toInt64(f) - toInt64(stay_since[1])))), toUInt32(4294967295)),
    stay_stages, stay_since), toUInt32(4294967295))),
  -- a bit for each stage that was the furthest when the lead came to it
  add column if not exists taken_stages UInt8 materialized arrayFold(
    (acc, s) -> if(bitShiftLeft(toUInt8(1), s) > acc, bitOr(acc, toUInt8(bitShiftLeft(toUInt8(1), s))), acc), stay_stages, toUInt8(0)),
  -- whether each stay is of another stage and lasted less than 2^28 seconds, so that stay_cells tells them
  add column if not exists has_plain_stays Bool materialized length(arrayDistinct(stay_stages)) = length(stay_stages)
    and arrayAll(d -> d between 0 and 268435455, arrayPopFront(arrayDifference(arrayMap(f -> toInt64(f), stay_since)))),
  -- stays as one number each: since * 2^32 + stage * 2^29 + 2^28 of the last + seconds until the next
  add column if not exists stay_cells Array(UInt64) materialized arrayMap(
    (s, f, u) -> bitShiftLeft(toUInt64(toUInt32(f)), 32) + bitShiftLeft(toUInt64(s), 29) + if(toUInt32(u) = 0, 268435456, bitAnd(toInt64(u) - toInt64(f), 268435455)),
    stay_stages, stay_since, if(empty(stay_since), [], arrayPushBack(arrayPopFront(stay_since), toDateTime(0, 'UTC')))),
  -- since when the lead was an opportunity, seconds since 1970, and what became of it
  add column if not exists opportunity_at UInt32 materialized toUInt32(arrayFirst((f, s) -> s = 4, stay_since, stay_stages)),
  add column if not exists opportunity Enum8('none' = 0, 'open' = 1, 'won' = 2, 'lost' = 3) materialized multiIf(
    not has(stay_stages, 4), 'none', stay_stages[-1] = 4, 'open', has(arraySlice(stay_stages, indexOf(stay_stages, 4)), 5), 'won', 'lost'),
  -- the first sums of the score, which most rules have no more of
  add column if not exists score_sum_1 Float64 materialized score_sums[1],
  add column if not exists score_sum_2 Float64 materialized score_sums[2],
  add column if not exists score_sum_3 Float64 materialized score_sums[3],
  add column if not exists score_sum_4 Float64 materialized score_sums[4];

alter table lead_facts
  materialize column seen_days, materialize column act_cells,
  materialize column visit_cells, materialize column came_at, materialize column reached_1_after, materialize column reached_2_after, materialize column reached_3_after, materialize column reached_4_after, materialize column reached_5_after,
  materialize column taken_stages, materialize column has_plain_stays, materialize column stay_cells,
  materialize column opportunity_at, materialize column opportunity,
  materialize column score_sum_1, materialize column score_sum_2, materialize column score_sum_3, materialize column score_sum_4;

-- As of lead_facts: sums that lie in one part are a third of the rows that five parts have.
alter table act_halves modify setting min_age_to_force_merge_seconds = 60, min_age_to_force_merge_on_partition_only = 1;
alter table visit_halves modify setting min_age_to_force_merge_seconds = 60, min_age_to_force_merge_on_partition_only = 1
