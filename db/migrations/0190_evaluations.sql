create sequence ref_eva;

-- Options for one need, weighed and scored. A concluded one is what a decision rested on, and stays as it was.
create table evaluation (
  id uuid primary key,
  ref text not null unique,
  title text not null,
  need text not null,
  status text not null,
  -- Which criteria: content/evaluations, by id, version and digest.
  criteria_id text not null,
  criteria_version integer not null,
  criteria_digest text not null,
  options jsonb not null,
  weights jsonb not null,
  -- Null while the weights are the ones that it began with.
  weighed_at timestamptz,
  chosen text,
  conclusion text,
  adr_id uuid references adr (id),
  opened_at timestamptz not null,
  opened_by text not null,
  opened_by_name text not null,
  concluded_at timestamptz,
  concluded_by_name text
);
create table evaluation_score (
  id uuid primary key,
  evaluation_id uuid not null references evaluation (id),
  option text not null,
  criterion text not null,
  score integer not null check (score between 1 and 5),
  reason text not null,
  scored_at timestamptz not null,
  scored_by_name text not null,
  constraint evaluation_score_once unique (evaluation_id, option, criterion)
);
create index evaluation_by_adr on evaluation (adr_id) where adr_id is not null;

create function keep_concluded_evaluation() returns trigger language plpgsql as $$
begin
  if old.status = 'concluded' then
    raise exception 'evaluation is append-only' using errcode = 'CS001';
  end if;
  return coalesce(new, old);
end $$;
create trigger keep_concluded before update or delete on evaluation for each row execute function keep_concluded_evaluation();

select track_history('evaluation');
select track_history('evaluation_score');
