-- Search by parts of names and with typing errors (lib/search). pg_trgm ships with PostgreSQL and is trusted since version 13,
-- so the database's owner may create it; where that is refused, an administrator must do it once.
do $$
begin
  create extension if not exists pg_trgm;
exception
  when insufficient_privilege or undefined_file or feature_not_supported then
    raise exception 'Countersign needs the PostgreSQL extension pg_trgm, and this account may not create it (%).', sqlerrm
      using hint = 'Ask the database administrator to run once, in this database: create extension pg_trgm; then start again.';
end
$$;

create index model_name_parts on model using gin (name gin_trgm_ops);
create index model_text_words on model using gin (to_tsvector('english', name || ' ' || description));
create index person_name_parts on person using gin (name gin_trgm_ops);
create index adr_title_parts on adr using gin (title gin_trgm_ops);
create index review_title_parts on review using gin (title gin_trgm_ops);
create index model_version_digest_prefix on model_version (digest text_pattern_ops);
create index release_digest_prefix on release (digest text_pattern_ops);

-- Names that look like what was typed. The lower threshold is set for this function alone, so that the index serves it.
create function names_like(typed text)
returns table (kind text, id uuid, likeness real)
language sql stable
set pg_trgm.word_similarity_threshold = 0.4
as $$
  (select 'model', m.id, word_similarity(typed, m.name) from model m where typed <% m.name order by 3 desc limit 20)
  union all
  (select 'person', p.id, word_similarity(typed, p.name) from person p where typed <% p.name order by 3 desc limit 20)
  union all
  (select 'adr', a.id, word_similarity(typed, a.title) from adr a where typed <% a.title order by 3 desc limit 20)
  union all
  (select 'review', r.id, word_similarity(typed, r.title) from review r where typed <% r.title order by 3 desc limit 20)
$$;
