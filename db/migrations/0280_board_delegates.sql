-- Who takes a board member's seat while they are away; named in advance, never deleted.
create table board_delegate (
  id uuid primary key,
  member_id uuid not null references person (id),
  delegate_id uuid not null references person (id),
  from_on date not null,
  until_on date not null,
  reason text not null,
  named_by uuid not null references person (id),
  named_at timestamptz not null,
  -- Taken back before its last day.
  ended_at timestamptz,
  ended_by uuid references person (id),
  constraint board_delegate_days check (until_on >= from_on),
  constraint board_delegate_other check (member_id <> delegate_id)
);
create index board_delegate_of_member on board_delegate (member_id, until_on) where ended_at is null;
create index board_delegate_of_delegate on board_delegate (delegate_id, until_on) where ended_at is null;

-- For whom a delegate voted; null: in the voter's own seat. A member speaks once, through whomever.
alter table vote add column for_id uuid references person (id);
create unique index vote_current_for_once on vote (review_id, round, for_id) where superseded_at is null and for_id is not null;
