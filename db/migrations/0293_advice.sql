-- The advice process: whom the author asked, what they said in their own words, and what was done with it.
create table review_advice (
  id uuid primary key,
  review_id uuid not null references review (id),
  adviser_id uuid not null references person (id),
  question text not null,
  asked_by uuid not null references person (id),
  asked_at timestamp with time zone not null,
  answer text,
  answered_at timestamp with time zone,
  done text,
  done_by uuid references person (id),
  done_at timestamp with time zone
);
create index review_advice_by_review on review_advice (review_id, asked_at);
create index review_advice_waiting on review_advice (adviser_id) where answered_at is null;
