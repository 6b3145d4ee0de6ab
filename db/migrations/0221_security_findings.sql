-- What scanners found about a model: by tool and fingerprint, open from the first scan that saw it to the first that did not.
create table security_finding (
  id uuid primary key,
  model_id uuid not null references model(id),
  -- Tool and category: a later scan by the same one closes what it no longer finds.
  tool text not null,
  fingerprint text not null,
  rule text not null,
  severity text not null,
  title text not null,
  location text,
  first_seen_at timestamptz not null,
  -- The last time it was opened: a finding may come back.
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  closed_at timestamptz,
  -- Why it is no longer open: fixed, suppressed, not_affected.
  closed_why text,
  constraint security_finding_once unique (model_id, tool, fingerprint)
);
create index security_finding_open on security_finding (model_id, severity) where closed_at is null;

-- The newest scan by each tool: an older one that comes late says nothing any more.
create table security_scan (
  model_id uuid not null references model(id),
  tool text not null,
  scanned_at timestamptz not null,
  sha256 text not null,
  findings integer not null,
  constraint security_scan_pk primary key (model_id, tool)
);
