-- A use case may find no pattern that fits as well as a model.
alter table pattern_gap
  alter column model_id drop not null,
  add column use_case_id uuid references use_case (id),
  add constraint pattern_gap_of_one check (num_nonnulls(model_id, use_case_id) = 1);
create unique index pattern_gap_use_case_open_once on pattern_gap (use_case_id) where state in ('open', 'planned');
