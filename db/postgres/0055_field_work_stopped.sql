-- Work on a field can be stopped by a person, and be let go on.
alter table field_jobs drop constraint field_jobs_status_check;
alter table field_jobs add constraint field_jobs_status_check
  check (status in ('running', 'done', 'failed', 'cancelled'));
