-- A person may sign what they attest with a key of their own: the statement with its signature, and since when.
alter table attestation add column statement_sha256 bytea references statement (sha256), add column signed_at timestamptz;
alter table attestation add constraint attestation_signed_check check ((statement_sha256 is null) = (signed_at is null));
