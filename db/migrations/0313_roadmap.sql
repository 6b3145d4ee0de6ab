create sequence ref_mst;

-- On the way to the target state: what is to be reached by the end of which quarter. Every move of the quarter stays.
create table milestone (
  id uuid primary key,
  ref text not null unique,
  title text not null,
  outcome text not null,
  -- A phase of the blueprint, where it belongs to one.
  phase text,
  quarter text not null check (quarter ~ '^\d{4}-Q[1-4]$'),
  -- What was said first.
  first_quarter text not null,
  state text not null,
  owner_id uuid references person (id),
  reached_at timestamptz,
  closed_reason text,
  added_at timestamptz not null,
  added_by uuid not null references person (id)
);
create index milestone_by_quarter on milestone (quarter, ref);
create table milestone_move (
  id uuid primary key,
  milestone_id uuid not null references milestone (id),
  from_quarter text not null,
  to_quarter text not null,
  reason text not null,
  moved_by uuid not null references person (id),
  moved_at timestamptz not null
);
create index milestone_move_by_milestone on milestone_move (milestone_id, moved_at);
create table milestone_item (
  id uuid primary key,
  milestone_id uuid not null references milestone (id),
  item_id uuid not null references backlog_item (id),
  constraint milestone_item_once unique (milestone_id, item_id)
);
create index milestone_item_by_item on milestone_item (item_id);
select track_history('milestone');
select track_history('milestone_move');
select track_history('milestone_item');
