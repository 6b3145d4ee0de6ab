-- What the model was when the questions were answered, and when people gave the answers: a change of method keeps their day.
alter table risk_assessment add column context jsonb not null default '{}';
alter table risk_assessment add column answers_at timestamptz;
-- The rows that stand are given their own day once; they stay append-only.
alter table risk_assessment disable trigger append_only;
update risk_assessment set answers_at = answered_at;
alter table risk_assessment enable trigger append_only;
alter table risk_assessment alter column answers_at set not null;
alter table risk_assessment add column basis text not null default 'answers';
alter table risk_assessment add column driver text;

-- The assessment that a model's tier rests on, and why it has to be scored again.
alter table model add column risk_assessment_id uuid references risk_assessment (id);
alter table model add column rescore_since timestamptz;
alter table model add column rescore_why text[] not null default '{}';
create index model_to_rescore on model (owner_id, rescore_since) where rescore_since is not null;

-- A tier that the second line set by hand, for a while.
create table tier_override (
  id uuid primary key,
  model_id uuid not null references model (id),
  from_tier integer not null,
  to_tier integer not null,
  reason text not null,
  by_id uuid not null references person (id),
  by_name text not null,
  at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_why text
);
create unique index tier_override_once on tier_override (model_id) where ended_at is null;
create index tier_override_by_expiry on tier_override (expires_at) where ended_at is null;
create index tier_override_by_model on tier_override (model_id, at desc);

-- Versions of the questionnaire that were put in force, each with what it moved.
create table risk_method (
  id uuid primary key,
  version integer not null,
  digest text not null,
  method text not null,
  reason text not null,
  moved integer not null,
  matrix jsonb not null,
  adopted_by text not null,
  adopted_by_name text not null,
  adopted_at timestamptz not null
);
create index risk_method_by_time on risk_method (adopted_at desc);

select track_history('tier_override');
insert into history_rule values
  ('risk_method', 'select * from public.risk_method where adopted_at <= public.as_of_instant()');

-- Last, because the history of the models is written at the end of the transaction.
update model m set risk_assessment_id = (
  select r.id from risk_assessment r where r.model_id = m.id order by r.answered_at desc, r.id desc limit 1);
