-- An incident that another system tells of keeps that system's name for it, so that the same one told twice is one, and its end finds it.
alter table incident add column external_source text;
alter table incident add column external_id text;
alter table incident add constraint incident_external unique (model_id, external_source, external_id);
