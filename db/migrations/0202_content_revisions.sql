-- The organisation's own revisions over the patterns, standards, playbooks and runbooks that are shipped. Texts are never changed
-- or deleted: what an adoption or an approval cites by digest stays readable.
create table content_revision (
  id uuid primary key,
  kind text not null,
  content_id text not null,
  -- The shipped version that it is a revision of, and its own number among the revisions of that text.
  version integer not null,
  revision integer not null,
  digest text not null,
  content bytea not null,
  -- The shipped text that it was made from: the base of a later merge, kept so that no release can take it away.
  base_digest text not null,
  base bytea not null,
  reason text not null,
  author_id uuid not null references person (id),
  created_at timestamptz not null,
  -- Replaced by a later revision or given up for the shipped text; null while in force.
  ended_at timestamptz,
  constraint content_revision_number unique (kind, content_id, revision)
);
create unique index content_revision_in_force on content_revision (kind, content_id) where ended_at is null;
create index content_revision_by_digest on content_revision (digest);

create function keep_content_revision() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.ended_at is not null
    or (to_jsonb(new) - 'ended_at') is distinct from (to_jsonb(old) - 'ended_at') then
    raise exception 'content_revision is append-only' using errcode = 'CS001';
  end if;
  return new;
end $$;
create trigger keep_texts before update or delete on content_revision for each row execute function keep_content_revision();
create trigger append_only_truncate before truncate on content_revision for each statement execute function refuse_change();

insert into history_rule (relation, definition) values ('content_revision',
  'select id, kind, content_id, version, revision, digest, content, base_digest, base, reason, author_id, created_at,
    case when ended_at <= public.as_of_instant() then ended_at end as ended_at
  from public.content_revision where created_at <= public.as_of_instant()');
