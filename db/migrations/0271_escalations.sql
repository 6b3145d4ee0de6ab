-- Who was told, when, that a promise was missed, a condition is overdue or a disagreement stands. One row a step.
create table escalation (
  id uuid primary key,
  kind text not null,
  review_id uuid not null references review(id),
  condition_id uuid references condition(id),
  model_id uuid not null references model(id),
  step text not null,
  -- What the ladder is counted from; another promise or due day begins it anew.
  since timestamptz not null,
  raised_at timestamptz not null,
  told uuid[] not null,
  text text not null,
  -- Who disagrees; null where the portal found it.
  raised_by uuid references person(id),
  answer text,
  answered_by uuid references person(id),
  answered_at timestamptz
);
create unique index escalation_once on escalation (review_id, kind, coalesce(condition_id, review_id), since, step);
create index escalation_by_open on escalation (since) where kind = 'disagreement' and answered_at is null;
select track_history('escalation');
