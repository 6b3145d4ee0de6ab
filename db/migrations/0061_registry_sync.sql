-- What the registry last said about a model, as a hash: a sweep that finds the same hash has nothing to do.
alter table model add column registry_sha256 bytea;
-- When the version's run was last read to its end; null while it is still to be read.
alter table model_version add column run_read_at timestamptz;
create index model_version_run_unread on model_version (id) where run_read_at is null and run_id is not null;
create index model_version_digest_unread on model_version (id) where digest is null and digest_source is null;
