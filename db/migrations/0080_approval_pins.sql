-- What a signature covers, beside the statement itself, so that the gate compares digests without parsing statements:
-- the artefact's SHA-256 and the request statement that the approval names.
alter table approval add column digest text not null;
alter table approval add column request_sha256 bytea not null;

-- The code that the signing page and the page before it both show.
alter table signing_request add column release_id uuid references release (id);
alter table signing_request add column code text not null default '';
create index signing_request_by_person on signing_request (person_id, created_at);
create index credential_current on credential (person_id) where revoked_at is null;
