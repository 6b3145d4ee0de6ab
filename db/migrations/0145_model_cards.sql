-- Model cards as they came, one after the other; the newest of a version is in force.
create table model_card (
  id uuid primary key,
  model_id uuid not null references model (id),
  version_id uuid not null references model_version (id),
  content bytea not null,
  sha256 text not null,
  imported_by text not null,
  imported_by_name text not null,
  imported_at timestamptz not null
);
create index model_card_by_version on model_card (version_id, imported_at desc, id desc);
create trigger append_only before update or delete on model_card for each row execute function refuse_change();
create trigger append_only_truncate before truncate on model_card for each statement execute function refuse_change();
insert into history_rule values
  ('model_card', 'select * from public.model_card where imported_at <= public.as_of_instant()');
