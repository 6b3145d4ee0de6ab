-- Hours in which an architect can be asked, coming round at a local time; slots follow one another.
create table office_hours (
  id uuid primary key,
  architect_id uuid not null references person (id),
  topic text not null,
  rule text not null,
  starts_on date not null,
  local_time text not null,
  zone text not null,
  slot_minutes integer not null check (slot_minutes between 10 and 120),
  slots integer not null check (slots between 1 and 12),
  place text not null default '',
  created_at timestamptz not null,
  ended_on date
);
create index office_hours_by_architect on office_hours (architect_id) where ended_on is null;
-- A slot that somebody took. What was advised is said once; with a review it stands in its advice log too.
create table office_booking (
  id uuid primary key,
  hours_id uuid not null references office_hours (id),
  slot_on date not null,
  slot integer not null check (slot >= 0),
  starts_at timestamptz not null,
  topic text not null,
  model_id uuid references model (id),
  review_id uuid references review (id),
  booked_by uuid not null references person (id),
  booked_at timestamptz not null,
  cancelled_at timestamptz,
  cancelled_reason text,
  advice text,
  advised_at timestamptz,
  -- Of the advice log of the review.
  advice_id uuid references review_advice (id)
);
create unique index office_booking_once on office_booking (hours_id, slot_on, slot) where cancelled_at is null;
create index office_booking_by_start on office_booking (starts_at);
create index office_booking_by_person on office_booking (booked_by, starts_at);
select track_history('office_hours');
select track_history('office_booking');
