-- A waiver says what the risk is, what stands in for the item, and who has to accept it.
alter table waiver add column risk jsonb;
alter table waiver add column compensation_checks text[] not null default '{}';
alter table waiver add column exit_plan text not null default '';
-- How often the item was waived for the model in the year before.
alter table waiver add column renewal integer not null default 0;
-- Whose acceptance it takes: parts, each open to one of several authorities.
alter table waiver add column needs jsonb not null default '[]';
-- Days before the end of which was warned.
alter table waiver add column warned integer[] not null default '{}';
alter table waiver add column ended_at timestamptz;
alter table waiver add column ended_by uuid references person (id);
create index waiver_by_end on waiver (expires_at) where accepted_at is not null and ended_at is null;

-- One person's acceptance of one part of it.
create table waiver_acceptance (
  id uuid primary key,
  waiver_id uuid not null references waiver (id),
  person_id uuid not null references person (id),
  part integer not null,
  authority text not null,
  reason text not null,
  at timestamptz not null,
  constraint waiver_acceptance_once unique (waiver_id, part),
  constraint waiver_acceptance_by unique (waiver_id, person_id)
);

-- An item that many waive is itself looked at.
create table control_review (
  id uuid primary key,
  item_id text not null,
  waivers integer not null,
  models integer not null,
  opened_at timestamptz not null,
  concluded_at timestamptz,
  concluded_by uuid references person (id),
  conclusion text,
  reason text not null default ''
);
create unique index control_review_open_once on control_review (item_id) where concluded_at is null;

select track_history('waiver_acceptance');
select track_history('control_review');
