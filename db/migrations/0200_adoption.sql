-- Where a model departs from the pattern it follows: one row for each requirement, with the decision record that allows it.
create table pattern_deviation (
  id uuid primary key,
  model_id uuid not null references model (id),
  pattern_id text not null,
  -- The pattern's own id and words of the requirement; both null where only the departure as a whole was said.
  requirement text,
  requirement_title text,
  why text not null,
  adr_id uuid references adr (id),
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  ended_at timestamptz,
  constraint pattern_deviation_has_words check ((requirement is null) = (requirement_title is null))
);
create index pattern_deviation_of_model on pattern_deviation (model_id) where ended_at is null;
create unique index pattern_deviation_once on pattern_deviation (model_id, requirement) where ended_at is null;
create index pattern_deviation_by_adr on pattern_deviation (adr_id) where adr_id is not null;

-- What was said with an adoption before this table was there.
insert into pattern_deviation (id, model_id, pattern_id, why, recorded_by, recorded_at)
  select gen_random_uuid(), model_id, pattern_id, deviations, adopted_by, adopted_at
  from pattern_adoption where ended_at is null and deviations <> '';

-- An owner says that no pattern fits, and what is missing: the architects' backlog.
create table pattern_gap (
  id uuid primary key,
  model_id uuid not null references model (id),
  missing text not null,
  said_by uuid not null references person (id),
  said_at timestamptz not null,
  state text not null,
  -- Of an answered one: the pattern that fits or will, and what the architects said.
  pattern_id text,
  answer text not null default '',
  answered_by uuid references person (id),
  answered_at timestamptz
);
create unique index pattern_gap_open_once on pattern_gap (model_id) where state in ('open', 'planned');
create index pattern_gap_by_state on pattern_gap (state, id);

select track_history('pattern_deviation');
select track_history('pattern_gap');
