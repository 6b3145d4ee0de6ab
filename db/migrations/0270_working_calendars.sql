-- When work is done in a region. Promises and clocks of the board are counted in it.
create table working_calendar (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  time_zone text not null,
  -- ISO weekdays, 1 for Monday.
  weekdays integer[] not null,
  work_from text not null,
  work_to text not null,
  -- [{"day": "2026-12-25", "name": "Christmas Day"}], in order of days.
  holidays jsonb not null default '[]',
  is_default boolean not null default false,
  created_at timestamptz not null
);
create unique index working_calendar_one_default on working_calendar (is_default) where is_default;
select track_history('working_calendar');

alter table business_unit add column calendar_id uuid references working_calendar(id);

-- The calendar that the promise was counted in, and the instant that it ends at.
alter table review add column calendar_id uuid references working_calendar(id);
alter table review add column promised_at timestamptz;
update review set promised_at = (promised_on::timestamp + interval '17 hours') at time zone 'UTC' where promised_on is not null;
create index review_by_promise on review (promised_at) where status in ('in_review', 'changes_requested', 'deferred');
