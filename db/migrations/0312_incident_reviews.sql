create sequence ref_pir;

-- What was learnt from an incident, without blame: facts, what contributed, and what follows from it.
create table incident_review (
  id uuid primary key,
  ref text not null unique,
  incident_id uuid not null unique references incident (id),
  model_id uuid not null references model (id),
  owner_id uuid not null references person (id),
  due_on date not null,
  state text not null,
  facts text not null default '',
  causes text[] not null default '{}',
  lessons text not null default '',
  opened_by uuid not null references person (id),
  opened_at timestamptz not null,
  published_by uuid references person (id),
  published_at timestamptz,
  revision integer not null default 1
);
create index incident_review_by_owner on incident_review (owner_id, due_on) where published_at is null;
create index incident_review_by_model on incident_review (model_id);
-- What follows: a condition on the decision that stands, a change of a text of the library, or debt.
create table incident_outcome (
  id uuid primary key,
  incident_review_id uuid not null references incident_review (id),
  kind text not null,
  text text not null,
  -- CON- or DEB-reference, or kind/id of the text.
  ref text not null,
  added_by uuid not null references person (id),
  added_at timestamptz not null
);
create index incident_outcome_by_review on incident_outcome (incident_review_id, added_at);
create index incident_outcome_by_ref on incident_outcome (kind, ref);
select track_history('incident_review');
select track_history('incident_outcome');
