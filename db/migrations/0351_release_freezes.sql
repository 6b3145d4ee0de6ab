create sequence ref_frz;

-- A window in which nothing is released to an environment, for one business unit with those below it or for all.
create table release_freeze (
  id uuid primary key,
  ref text not null unique,
  environment text not null,
  business_unit_id uuid references business_unit (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- Zone in which the window was given, for its words.
  time_zone text not null,
  reason text not null,
  declared_by uuid not null references person (id),
  declared_at timestamptz not null,
  lifted_by uuid references person (id),
  lifted_at timestamptz,
  lift_reason text not null default '',
  constraint release_freeze_window check (starts_at < ends_at),
  constraint release_freeze_lifted check ((lifted_by is null) = (lifted_at is null))
);
create index release_freeze_by_end on release_freeze (environment, ends_at);
create index release_freeze_by_start on release_freeze (starts_at desc, id desc);

-- A release that may go all the same, with the reason.
create table release_freeze_exemption (
  id uuid primary key,
  freeze_id uuid not null references release_freeze (id),
  release_id uuid not null references release (id),
  reason text not null,
  given_by uuid not null references person (id),
  given_at timestamptz not null,
  constraint release_freeze_exemption_once unique (freeze_id, release_id)
);
create index release_freeze_exemption_by_release on release_freeze_exemption (release_id);
select track_history('release_freeze');
select track_history('release_freeze_exemption');
