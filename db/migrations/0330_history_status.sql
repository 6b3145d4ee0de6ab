-- The status of a row's past states beside them: reading it out of the state unpacks the whole of it, and a review's holds its submission.
alter table history add column status text generated always as (state ->> 'status') stored;
