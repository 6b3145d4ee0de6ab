-- Where decision records come from: a collection of files that somebody imports, a Git repository, a mounted folder.
create table adr_source (
  id uuid primary key,
  kind text not null check (kind in ('files', 'git', 'folder')),
  name text not null unique,
  -- URL of the repository or path of the folder; null for imported files.
  address text,
  branch text,
  globs text[] not null default '{}',
  business_unit_id uuid references business_unit (id),
  model_id uuid references model (id),
  created_by uuid not null,
  created_at timestamp with time zone not null,
  -- Commit of the last complete sync.
  commit text,
  synced_at timestamp with time zone,
  tried_at timestamp with time zone,
  fault text,
  ended_at timestamp with time zone
);

-- One file of a source and the record it became. Its identity is the path; a rename moves the row.
create table adr_file (
  id uuid primary key,
  source_id uuid not null references adr_source (id),
  path text not null,
  adr_id uuid references adr (id),
  -- SHA-256 of the file as it was last seen, whether or not the record took it over.
  digest text not null,
  state text not null check (state in ('same', 'drift', 'removed', 'refused')),
  reason text,
  -- The file's bytes where they are not the record's: what drifted.
  content bytea,
  -- What the file says about its status and about other records (lib/decisions/claims.ts).
  claims jsonb not null,
  seen_at timestamp with time zone not null,
  constraint adr_file_once unique (source_id, path),
  constraint adr_file_refused_says_why check (state <> 'refused' or reason is not null)
);
create index adr_file_by_record on adr_file (adr_id);
create index adr_file_by_state on adr_file (state, adr_id) where state <> 'same';
