-- Several kinds of registry: what each asks for beyond address and sign-in, and when a person confirmed what would be imported.
alter table connection add column settings jsonb not null default '{}';
alter table connection add column import_confirmed_at timestamptz;
update connection set import_confirmed_at = created_at;
-- Sealed key with which a registry signs its webhooks. Apart from the connection, whose history is kept.
create table registry_webhook (
  connection_id uuid primary key references connection(id),
  secret bytea not null,
  created_at timestamptz not null,
  last_received_at timestamptz,
  received integer not null default 0,
  refused integer not null default 0
);

-- The registry's id of a model, which a rename does not change; external_name is what people see there and need not be unique.
alter table model add column external_id text;
update model set external_id = external_name where connection_id is not null;
alter table model drop constraint model_external;
create unique index model_external on model (connection_id, external_id);
create index model_external_name on model (connection_id, external_name);

-- Last change in the registry: an older record never overwrites a newer one.
alter table model_version add column changed_at timestamptz;

-- The registry's own record of a model, as it came; a version keeps its own.
create table registry_record (
  model_id uuid primary key references model(id),
  raw bytea not null,
  raw_sha256 bytea not null,
  read_at timestamptz not null
);

-- What endpoints and jobs serve, as the registry tells it; model_id and version_id are null while the inventory does not know them.
create table served_version (
  id uuid primary key,
  connection_id uuid not null references connection(id),
  external_id text not null,
  endpoint text not null,
  kind text not null,
  region text,
  external_model text not null,
  version text not null,
  model_id uuid references model(id),
  version_id uuid references model_version(id),
  traffic real,
  state text not null,
  url text,
  changed_at timestamptz,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  missed_sweeps integer not null default 0,
  gone_at timestamptz,
  raw bytea not null,
  raw_sha256 bytea not null,
  constraint served_version_once unique (connection_id, external_id)
);
create index served_version_by_model on served_version (model_id);

-- Records that could not be understood: counted and shown, never guessed.
create table quarantined_record (
  id uuid primary key,
  connection_id uuid not null references connection(id),
  stream text not null,
  external_key text not null,
  reason text not null,
  raw text not null,
  run_id uuid not null references sync_run(id),
  times integer not null default 1,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint quarantined_record_once unique (connection_id, stream, external_key)
);
