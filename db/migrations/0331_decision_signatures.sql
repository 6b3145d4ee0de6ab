-- Who of those who decided signed the board's decision with a key of their own.
create table decision_signature (
  id uuid primary key,
  decision_id uuid not null references review_decision (id),
  person_id uuid not null references person (id),
  statement_sha256 bytea not null references statement (sha256),
  credential_id uuid not null references credential (id),
  signed_at timestamptz not null,
  constraint decision_signature_once unique (decision_id, person_id)
);
create index decision_signature_by_person on decision_signature (person_id, signed_at);
