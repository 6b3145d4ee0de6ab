-- What people are asked and told, derived from the log (decision 0285). A notice is one happening in one sentence; a notification is
-- that notice for one person. Both can be derived again; only the read mark cannot, and it is nobody's record.
create table notice (
  id uuid primary key default gen_random_uuid(),
  -- The entry it comes from, or the key of a reminder: once each, whatever crashes.
  entry_id uuid unique,
  reminder text unique,
  thing text not null,
  what text not null,
  href text not null,
  thread text not null,
  model_id uuid,
  unit_id uuid,
  at timestamptz not null,
  check (num_nonnulls(entry_id, reminder) = 1)
);

create table notification (
  id uuid primary key default gen_random_uuid(),
  notice_id uuid not null references notice (id) on delete cascade,
  person_id uuid not null references person (id),
  kind text not null,
  ask text not null,
  due_on date,
  at timestamptz not null,
  read_at timestamptz,
  constraint notification_once unique (notice_id, person_id)
);
create index notification_by_person on notification (person_id, at desc, id desc);
create index notification_unread on notification (person_id, at desc, id desc) where read_at is null;

-- How far the log was gone through: the index of the next entry. A portal that is older than this table begins at its present.
create table notification_cursor (id int primary key check (id = 1), next_index bigint not null);
insert into notification_cursor select 1, coalesce((select size from log_head where id = 1), 0);

-- The models that an entry concerns were read by model only.
create index log_entry_model_by_entry on log_entry_model (entry_id);
