-- How each item stood for each model when it was last assessed, so that an organisation is read without assessing it anew.
create table readiness_item (
  model_id uuid not null references model (id),
  item_id text not null,
  required boolean not null,
  state text not null,
  cause text,
  -- Rests on a person's word where facts could decide.
  by_hand boolean not null,
  since timestamptz not null,
  primary key (model_id, item_id)
);
create index readiness_item_by_item on readiness_item (item_id, model_id);

-- What an assessment came to, one row whenever that changed.
create table readiness_step (
  id uuid primary key,
  model_id uuid not null references model (id),
  at timestamptz not null,
  digest text not null,
  pass integer not null,
  fail integer not null,
  unknown integer not null,
  waived integer not null,
  total integer not null
);
create index readiness_step_by_model on readiness_step (model_id, at desc);
