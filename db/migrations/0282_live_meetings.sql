-- A meeting while it is held: who leads it, what is being discussed since when.
alter table meeting
  add column opened_at timestamptz,
  add column opened_by uuid references person (id),
  -- Who leads it now; one person at a time.
  add column led_by uuid references person (id),
  add column closed_at timestamptz,
  add column current_item_id uuid references agenda_item (id);

alter table agenda_item
  add column state text not null default 'waiting' check (state in ('waiting', 'current', 'done', 'skipped')),
  add column started_at timestamptz,
  add column ended_at timestamptz,
  -- Seconds of discussion before started_at: an item may be taken up again.
  add column spent integer not null default 0,
  -- Who leads it, where the meeting's leader has a stake in it.
  add column led_by uuid references person (id),
  add column notes text not null default '',
  add column notes_revision integer not null default 0,
  add column notes_by text;

-- When somebody came and left, and in which seat; a line for each time.
create table meeting_attendance (
  id uuid primary key,
  meeting_id uuid not null references meeting (id),
  person_id uuid not null references person (id),
  seat text,
  -- The member whose seat a delegate takes.
  for_id uuid references person (id),
  came_at timestamptz not null,
  left_at timestamptz
);
create unique index meeting_attendance_once on meeting_attendance (meeting_id, person_id) where left_at is null;
create index meeting_attendance_by_person on meeting_attendance (person_id, meeting_id);

-- Minutes, edition by edition. A published edition never changes; a correction is the next one.
create table meeting_minutes (
  id uuid primary key,
  meeting_id uuid not null references meeting (id),
  edition integer not null,
  -- The chair's words: a summary, and a text for each item. The rest is taken from the record when it is published.
  summary text not null default '',
  texts jsonb not null default '{}',
  revision integer not null default 1,
  -- Why a further edition was needed.
  reason text,
  drafted_at timestamptz not null,
  drafted_by text not null,
  published_at timestamptz,
  published_by uuid references person (id),
  content bytea,
  digest text,
  constraint meeting_minutes_edition unique (meeting_id, edition),
  constraint meeting_minutes_whole check ((published_at is null) = (content is null) and (content is null) = (digest is null))
);
create function keep_published_minutes() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'meeting_minutes is append-only' using errcode = 'CS001';
  end if;
  return new;
end $$;
create trigger keep_published before update or delete on meeting_minutes for each row execute function keep_published_minutes();
