-- Which models a round of a review concerns, with what was pinned of each; at position 1 the one it was begun for.
create table review_model (
  review_id uuid not null references review (id),
  round integer not null,
  position integer not null,
  model_id uuid not null references model (id),
  pattern_digest text,
  assessment_digest text,
  primary key (review_id, round, position),
  constraint review_model_once unique (review_id, round, model_id)
);
create index review_model_by_model on review_model (model_id, review_id, round);

insert into review_model (review_id, round, position, model_id, pattern_digest, assessment_digest)
select s.review_id, s.round, 1, r.model_id, s.pattern_digest, s.assessment_digest
from review_submission s join review r on r.id = s.review_id;

-- Which reference architectures a round follows: those that its models have adopted, and those that the submission names (no model).
create table review_pattern (
  review_id uuid not null references review (id),
  round integer not null,
  position integer not null,
  pattern_id text not null,
  version integer not null,
  digest text not null,
  model_id uuid references model (id),
  deviations text not null default '',
  primary key (review_id, round, position)
);
create index review_pattern_by_pattern on review_pattern (pattern_id, review_id, round);
