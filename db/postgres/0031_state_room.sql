-- Scoring every lead anew rewrites its state: where the page has room, no index is written with it.
alter table lead_states set (fillfactor = 60);
