-- Who has done which course, at which version. What was learnt is not unlearnt: rows are only added.
create table course_completion (
  id uuid primary key,
  person_id uuid not null references person (id),
  course_id text not null,
  version integer not null,
  digest text not null,
  completed_at timestamptz not null,
  constraint course_completion_once unique (person_id, course_id, version)
);
create index course_completion_by_course on course_completion (course_id, id);

select track_history('course_completion');
