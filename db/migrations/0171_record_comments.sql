-- What people and agents say about a decision record, each about one section of a revision, or about the whole.
create table adr_comment (
  id uuid primary key,
  adr_id uuid not null references adr (id),
  revision integer not null,
  -- The section's anchor and its title as they were; both null for the record as a whole.
  section text,
  section_title text,
  author_id uuid not null,
  author_kind text not null,
  text text not null,
  created_at timestamp with time zone not null,
  constraint adr_comment_section_has_title check ((section is null) = (section_title is null))
);
create index adr_comment_by_record on adr_comment (adr_id, id);
create trigger append_only before update or delete on adr_comment for each row execute function refuse_change();
create trigger append_only_truncate before truncate on adr_comment for each statement execute function refuse_change();
