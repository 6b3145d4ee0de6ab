-- The log's order is the order in which the database took the entries. Ids carry the clocks of the processes that made them, and two
-- clocks can differ by more than the time between an approval and the answer that rests on it.
alter table log_queue drop constraint log_queue_pkey;
alter table log_queue add column seq bigint generated always as identity primary key;
