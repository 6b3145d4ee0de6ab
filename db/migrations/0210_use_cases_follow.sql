-- A use case follows a pattern as a model does: one table for both, each row of one of them.
alter table pattern_adoption
  alter column model_id drop not null,
  add column use_case_id uuid references use_case (id),
  add constraint pattern_adoption_of_one check (num_nonnulls(model_id, use_case_id) = 1);
create unique index pattern_adoption_use_case_once on pattern_adoption (use_case_id) where ended_at is null;

alter table pattern_deviation
  alter column model_id drop not null,
  add column use_case_id uuid references use_case (id),
  add constraint pattern_deviation_of_one check (num_nonnulls(model_id, use_case_id) = 1);
create unique index pattern_deviation_use_case_once on pattern_deviation (use_case_id, requirement) where ended_at is null;
