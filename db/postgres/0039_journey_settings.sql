-- How far ahead risk and value look, and at what margin, has versions as rules have.
alter table rule_sets drop constraint rule_sets_kind_check;
alter table rule_sets add constraint rule_sets_kind_check
  check (kind in ('score', 'score_scale', 'lifecycle', 'attribution', 'journey'));
