create sequence ref_mtg;

-- A meeting that comes round: every so often on the same weekday, at the same local time.
create table meeting_series (
  id uuid primary key,
  name text not null,
  rule text not null check (rule in ('weekly', 'fortnightly', 'monthly')),
  -- The first meeting; its weekday, and for monthly its place in the month, are those of all.
  starts_on date not null,
  local_time text not null,
  zone text not null,
  minutes integer not null,
  place text not null default '',
  -- Business days before the meeting by which its papers are read.
  pre_read_days integer not null,
  chair_id uuid not null references person (id),
  created_by uuid not null references person (id),
  created_at timestamptz not null,
  -- Ended: no meetings from this day on.
  ended_on date
);

create table meeting (
  id uuid primary key,
  ref text not null unique,
  series_id uuid references meeting_series (id),
  -- The day that the series gave it; moving the meeting leaves it, so that the slot is not filled twice.
  slot_on date,
  title text not null,
  starts_at timestamptz not null,
  zone text not null,
  minutes integer not null,
  place text not null default '',
  pre_read_days integer not null,
  -- Papers that come later than this day are marked late.
  pre_read_on date not null,
  chair_id uuid not null references person (id),
  status text not null check (status in ('planned', 'open', 'closed', 'cancelled')),
  cancelled_reason text,
  -- iCalendar SEQUENCE: grows when the meeting is moved or cancelled.
  sequence integer not null default 0,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by text not null,
  -- Of the agenda and the particulars: who changes them says which they read.
  revision integer not null default 1,
  constraint meeting_once_per_slot unique (series_id, slot_on)
);
create index meeting_by_start on meeting (starts_at, id);

create table agenda_item (
  id uuid primary key,
  meeting_id uuid not null references meeting (id),
  position integer not null,
  kind text not null check (kind in ('review', 'advice', 'policy', 'office_hours', 'other')),
  review_id uuid references review (id),
  -- The round of the review when it was put on the agenda.
  round integer,
  title text not null,
  text text not null default '',
  minutes integer not null,
  added_by uuid not null references person (id),
  added_at timestamptz not null,
  late boolean not null,
  constraint agenda_item_subject check ((kind = 'review') = (review_id is not null)),
  constraint agenda_item_review_once unique (meeting_id, review_id)
);
create index agenda_item_by_meeting on agenda_item (meeting_id, position);
create index agenda_item_by_review on agenda_item (review_id);
