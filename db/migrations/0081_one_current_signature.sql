-- A person has at most one current signature per release. One that was signed again after the request changed is kept as
-- superseded; one that was taken back is kept as revoked.
alter table approval add column superseded_at timestamptz;
drop index approval_once;
create unique index approval_once on approval (release_id, person_id) where revoked_at is null and superseded_at is null;

-- How the request was declined on the signing page, if it was.
alter table signing_request add column declined_at timestamptz;
