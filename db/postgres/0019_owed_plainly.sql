-- What is owed is sent in the order of its ids; in which transaction it came about was never asked.
alter table lead_facts_owed drop column transaction_id;
