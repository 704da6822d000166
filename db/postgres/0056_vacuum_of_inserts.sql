-- What an import only inserts was vacuumed and looked at after each fifth and tenth more: 52 s of work beside an import of a million
-- rows that takes 100. Twice as much and a third more is soon enough for tables whose rows seldom change.
alter table leads set (autovacuum_vacuum_insert_scale_factor = 1, autovacuum_analyze_scale_factor = 0.3);
alter table identifiers set (autovacuum_vacuum_insert_scale_factor = 1, autovacuum_analyze_scale_factor = 0.3);
alter table consents set (autovacuum_vacuum_insert_scale_factor = 1, autovacuum_analyze_scale_factor = 0.3);
alter table consent_history set (autovacuum_vacuum_insert_scale_factor = 1, autovacuum_analyze_scale_factor = 0.3);
