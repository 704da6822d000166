-- Of the leads that bulk work looked at, those that had left by then: in the bin, merged or erased.
alter table bulk_jobs add column gone integer not null default 0;
