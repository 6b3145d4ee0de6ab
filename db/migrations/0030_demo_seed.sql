-- Whether the demo organisation was begun and finished, so that a seeding that was interrupted is started over.
create table demo_seed (
  id integer primary key check (id = 1),
  started_at timestamptz not null,
  finished_at timestamptz
);
