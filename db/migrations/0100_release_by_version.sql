-- The gate looks a release up by its version at every question.
create index release_by_version on release (version_id, environment, requested_at);
