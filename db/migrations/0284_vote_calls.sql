-- Voting on a round until a set time; a later call for the same round stands for the earlier.
create table vote_call (
  id uuid primary key,
  review_id uuid not null references review (id),
  round integer not null,
  closes_at timestamptz not null,
  opened_by uuid not null references person (id),
  opened_at timestamptz not null,
  -- When its end was reported, with who was silent.
  reported_at timestamptz
);
create index vote_call_by_review on vote_call (review_id, round, opened_at);
create index vote_call_open on vote_call (closes_at) where reported_at is null;
