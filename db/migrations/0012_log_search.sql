-- Words of an entry, for the search of the log page. The words of the name are apart ("review.decision.recorded").
create function log_entry_words(summary text, subject_ref text, actor_name text, name text) returns tsvector
  language sql immutable parallel safe
  return to_tsvector('simple', summary || ' ' || subject_ref || ' ' || actor_name || ' ' || replace(name, '.', ' '));
create index log_entry_words_index on log_entry using gin (log_entry_words(summary, subject_ref, actor_name, name));
