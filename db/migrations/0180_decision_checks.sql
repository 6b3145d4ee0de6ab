-- The checks that a decision record carries, each as its current revision words it (lib/decision-checks), and what came of it last.
create table adr_check (
  id uuid primary key,
  adr_id uuid not null references adr (id),
  -- The id that its author gave it, and its place in the record.
  key text not null,
  place integer not null,
  title text not null,
  -- CEL over a model's attributes; null for what the record itself is about.
  scope text,
  -- How the models' numbers become one value; null when each model answers for itself.
  aggregate text check (aggregate in ('sum', 'max', 'min', 'mean')),
  fact_key text,
  expression text not null,
  state text not null check (state in ('holds', 'partly', 'broken', 'unknown')),
  cause text,
  why text not null,
  passing integer not null default 0,
  failing integer not null default 0,
  unknown integer not null default 0,
  -- Since when it is in its state, for the same cause.
  since timestamp with time zone not null,
  -- Null until it was evaluated for the first time.
  evaluated_at timestamp with time zone,
  constraint adr_check_once unique (adr_id, key),
  constraint adr_check_unknown_has_cause check ((state = 'unknown') = (cause is not null)),
  constraint adr_check_aggregate_has_fact check ((aggregate is null) = (fact_key is null))
);
create index adr_check_by_state on adr_check (state, adr_id);

-- What each model in a check's scope answered. `fact_ids`: the recorded facts that the answer rests on.
create table adr_check_subject (
  check_id uuid not null references adr_check (id) on delete cascade,
  model_id uuid not null references model (id),
  outcome text not null check (outcome in ('pass', 'fail', 'unknown', 'counted')),
  cause text,
  why text not null,
  fact_ids uuid[] not null default '{}',
  since timestamp with time zone not null,
  primary key (check_id, model_id)
);
create index adr_check_subject_failing on adr_check_subject (model_id) where outcome = 'fail';

-- Each time that a check of an accepted decision broke: its owners are asked, once, to look at the decision again.
create table adr_check_break (
  id uuid primary key,
  check_id uuid not null references adr_check (id),
  adr_id uuid not null references adr (id),
  raised_at timestamp with time zone not null,
  why text not null,
  -- When an owner said that the decision stands nevertheless.
  answered_at timestamp with time zone,
  -- When the check held again.
  closed_at timestamp with time zone
);
create unique index adr_check_break_open_once on adr_check_break (check_id) where closed_at is null;
create index adr_check_break_by_record on adr_check_break (adr_id, raised_at);
