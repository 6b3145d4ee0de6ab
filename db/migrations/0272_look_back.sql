-- A look afterwards by people: at automatic decisions that were drawn, and at every decision of an emergency.
alter table review add column look_due_on date;
alter table review add column looked_at timestamptz;
alter table review add column looked_by uuid references person(id);
alter table review add column look_outcome text;
alter table review add column look_text text;
update review r set look_due_on = (r.decided_at + interval '14 days')::date where r.sampled and r.decided_at is not null;
create index review_by_look on review (look_due_on) where look_due_on is not null and looked_at is null;

-- How those concerned found the review, asked once after each decision.
create table review_survey (
  id uuid primary key,
  review_id uuid not null references review(id),
  round integer not null,
  person_id uuid not null references person(id),
  -- 1 to 5; null where somebody would not say.
  speed integer,
  clarity integer,
  usefulness integer,
  text text not null,
  answered_at timestamptz not null,
  constraint review_survey_once unique (review_id, round, person_id)
);
select track_history('review_survey');
