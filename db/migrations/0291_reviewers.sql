-- What people know, as they or an architect say; never deleted.
create table person_expertise (
  id uuid primary key,
  person_id uuid not null references person (id),
  field text not null,
  said_by uuid not null references person (id),
  said_at timestamp with time zone not null,
  ended_at timestamp with time zone
);
create unique index person_expertise_once on person_expertise (person_id, field) where ended_at is null;

-- Who reads a review for the board. What was known of each when they were named is kept: it is the record of effective challenge.
create table review_reviewer (
  id uuid primary key,
  review_id uuid not null references review (id),
  person_id uuid not null references person (id),
  expertise text not null,
  independence text not null,
  standing text not null,
  assigned_by uuid not null references person (id),
  assigned_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_reason text
);
create unique index review_reviewer_once on review_reviewer (review_id, person_id) where ended_at is null;
create index review_reviewer_by_person on review_reviewer (person_id) where ended_at is null;
