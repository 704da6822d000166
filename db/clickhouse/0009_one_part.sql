-- Where nothing changed for a minute, all parts become one: a question asked with `final` compares the rows of several parts with
-- each other, which over a million leads takes more than half of its time. While changes come in, nothing is merged for it.
alter table lead_facts modify setting min_age_to_force_merge_seconds = 60, min_age_to_force_merge_on_partition_only = 1;
