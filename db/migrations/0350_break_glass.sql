create sequence ref_brk;

-- The gate opened in an emergency by two people, for one digest of one release, for hours; looked at afterwards by a third.
create table break_glass (
  id uuid primary key,
  ref text not null unique,
  release_id uuid not null references release (id),
  model_id uuid not null references model (id),
  version_id uuid not null references model_version (id),
  environment text not null,
  digest text not null,
  hours integer not null check (hours between 1 and 24),
  justification text not null,
  -- What the gate named when it was asked for: [{code, text}].
  passes jsonb not null,
  -- The portal's statement of the request, which the confirmation names.
  statement_sha256 bytea not null references statement (sha256),
  requested_by uuid not null references person (id),
  requested_at timestamptz not null,
  lapses_at timestamptz not null,
  confirmed_by uuid references person (id),
  confirmed_as text,
  confirmed_at timestamptz,
  confirmation_sha256 bytea references statement (sha256),
  credential_id uuid references credential (id),
  until timestamptz,
  -- Withdrawn before it was confirmed, ended early after, or its time ran out.
  ended_by uuid references person (id),
  ended_at timestamptz,
  end_reason text not null default '',
  -- When the portal noted that the time had run out.
  ran_out_at timestamptz,
  review_due_on date,
  reviewed_by uuid references person (id),
  reviewed_at timestamptz,
  verdict text,
  findings text not null default '',
  follow_up text not null default '',
  incident_id uuid references incident (id),
  escalated_at timestamptz,
  told uuid[] not null default '{}',
  constraint break_glass_two_people check (confirmed_by is distinct from requested_by),
  constraint break_glass_third_person check (reviewed_by is null or (reviewed_by <> requested_by and reviewed_by is distinct from confirmed_by)),
  constraint break_glass_confirmed check (
    (confirmed_by is null) = (confirmed_at is null) and (confirmed_by is null) = (confirmation_sha256 is null)
    and (confirmed_by is null) = (until is null) and (confirmed_by is null) = (review_due_on is null))
);
create index break_glass_by_release on break_glass (release_id, requested_at);
create index break_glass_by_model on break_glass (model_id, requested_at);
create index break_glass_by_time on break_glass (requested_at desc, id desc);
create index break_glass_unreviewed on break_glass (review_due_on) where confirmed_at is not null and reviewed_at is null;
select track_history('break_glass');

-- Which answers went by it, and not by signatures.
alter table gate_check add column break_glass_id uuid references break_glass (id);
create index gate_check_by_break_glass on gate_check (break_glass_id, asked_at) where break_glass_id is not null;
