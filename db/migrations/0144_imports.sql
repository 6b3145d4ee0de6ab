-- A file of models that somebody brought: what each row would do (the dry run), and whether it was carried out.
create table model_import (
  id uuid primary key,
  file_name text not null,
  sha256 text not null,
  size integer not null,
  encoding text not null,
  -- The text of the file, so that what is carried out is what was shown.
  content bytea not null,
  counts jsonb not null,
  state text not null,
  created_by text not null,
  created_by_name text not null,
  created_at timestamptz not null,
  applied_at timestamptz
);
create index model_import_by_person on model_import (created_by, created_at desc);

create table model_import_row (
  import_id uuid not null references model_import (id),
  line integer not null,
  name text not null,
  fate text not null,
  changes jsonb not null,
  faults jsonb not null,
  primary key (import_id, line)
);
create index model_import_row_by_fate on model_import_row (import_id, fate, line);
insert into history_rule values
  ('model_import', 'select * from public.model_import where created_at <= public.as_of_instant()');
