-- What a source of facts calls the things it observes, and which model each is. Those that are no model yet are kept and counted.
create table source_subject (
  connection_id uuid not null references connection(id),
  subject text not null,
  -- The model that the source itself names, by a label or annotation.
  declared text,
  model_id uuid references model(id),
  -- 'declared' by the source, or mapped by a 'person'; null while it is no model.
  matched_by text,
  mapped_by uuid references person(id),
  mapped_at timestamptz,
  -- Keys of the facts that it told at the last read.
  keys text[] not null default '{}',
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  constraint source_subject_pk primary key (connection_id, subject),
  constraint source_subject_matched check ((model_id is null) = (matched_by is null))
);
create index source_subject_model on source_subject (model_id);

-- Files of definitions for a source that has no API for them, e.g. of SLOs.
create table source_file (
  id uuid primary key,
  connection_id uuid not null references connection(id),
  name text not null,
  content text not null,
  sha256 text not null,
  definitions integer not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  constraint source_file_once unique (connection_id, name)
);

alter table sync_run add column facts_seen integer not null default 0;
alter table sync_run add column unmatched integer not null default 0;

-- How a value was read (query and window), and the latest time in the world at which the same value was seen again: an observation
-- that is older than that never replaces it.
alter table fact add column detail text;
alter table fact add column confirmed_at timestamptz;
update history_rule set definition = 'select id, subject_kind, subject_id, key, value, effective_at, case when collected_at > public.as_of_instant() then recorded_at else collected_at end as collected_at, recorded_at, source_kind, source_id, source_name, run_ref, case when superseded_at <= public.as_of_instant() then superseded_at end as superseded_at, log_entry_id, detail, case when confirmed_at <= public.as_of_instant() then confirmed_at end as confirmed_at from public.fact where recorded_at <= public.as_of_instant()'
where relation = 'fact';
