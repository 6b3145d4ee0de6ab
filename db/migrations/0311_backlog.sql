create sequence ref_deb;
create sequence ref_cap;

-- What the architecture owes, and what the platform cannot do yet: asked for, weighed, planned, done.
create table backlog_item (
  id uuid primary key,
  ref text not null unique,
  kind text not null,
  title text not null,
  -- Of debt what it costs while it is there, of a capability what is wanted.
  why text not null,
  justification text not null,
  -- Effort, in points.
  points integer not null check (points between 1 and 100),
  -- Of debt its interest in points a quarter, of a capability its value from 1 to 10.
  gain integer not null check (gain between 0 and 100),
  state text not null,
  owner_id uuid references person (id),
  opened_by uuid not null references person (id),
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_reason text,
  revision integer not null default 1
);
create index backlog_item_by_kind on backlog_item (kind, state, ref);
create table backlog_model (
  id uuid primary key,
  item_id uuid not null references backlog_item (id),
  model_id uuid not null references model (id),
  constraint backlog_model_once unique (item_id, model_id)
);
create index backlog_model_by_model on backlog_model (model_id);
-- Where it comes from: a finding, a waiver, an incident and its review, a deviation, or a gap of the library.
create table backlog_source (
  id uuid primary key,
  item_id uuid not null references backlog_item (id),
  kind text not null,
  ref text not null,
  constraint backlog_source_once unique (item_id, kind, ref)
);
create index backlog_source_by_ref on backlog_source (kind, ref);
select track_history('backlog_item');
select track_history('backlog_model');
select track_history('backlog_source');
