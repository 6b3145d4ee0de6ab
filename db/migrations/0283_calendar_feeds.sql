-- The address at which a person's calendar is read. Only a hash of it is kept; one stands at a time.
create table calendar_feed (
  id uuid primary key,
  person_id uuid not null references person (id),
  hash bytea not null unique,
  made_at timestamptz not null,
  revoked_at timestamptz
);
create unique index calendar_feed_once on calendar_feed (person_id) where revoked_at is null;
