create sequence ref_rsk;

-- A risk that a review's submission names, borne until a day by whoever the matrix says may accept it (governance.md section 6.4).
create table risk_acceptance (
  id uuid primary key,
  ref text not null unique,
  review_id uuid not null references review (id),
  model_id uuid not null references model (id),
  -- As the submission named it, with its treatment and owner, and the digest of what was submitted.
  risk text not null,
  treatment text not null,
  risk_owner text not null,
  submission_digest text,
  reason text not null,
  statement jsonb not null,
  -- The model's tier when it was asked; null counts as tier 1.
  tier integer,
  renewal integer not null,
  needs jsonb not null,
  -- Who gave which part, by which authority, and why.
  given jsonb not null default '[]',
  requested_by uuid not null references person (id),
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  refused_by uuid references person (id),
  refused_at timestamptz,
  refused_reason text,
  ended_by uuid references person (id),
  ended_at timestamptz,
  warned integer[] not null default '{}'
);
create index risk_acceptance_by_review on risk_acceptance (review_id, requested_at);
create index risk_acceptance_by_end on risk_acceptance (expires_at, ref) where refused_at is null and ended_at is null;
create unique index risk_acceptance_asked_once on risk_acceptance (model_id, md5(risk))
  where accepted_at is null and refused_at is null and ended_at is null;
select track_history('risk_acceptance');

-- The registers list by the day on which something is due.
create index condition_by_due on condition (due_on, ref);
create index waiver_by_expiry on waiver (expires_at, ref);
