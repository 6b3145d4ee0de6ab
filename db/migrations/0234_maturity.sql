-- What a team said of its capability, one row each time; the answers with what they rest on.
create table maturity_assessment (
  id uuid primary key,
  team_id uuid not null references team (id),
  content_version integer not null,
  content_digest text not null,
  answers jsonb not null,
  levels jsonb not null,
  overall integer not null,
  answered_by uuid not null references person (id),
  answered_at timestamptz not null
);
create index maturity_by_team on maturity_assessment (team_id, answered_at desc);

select track_history('maturity_assessment');
