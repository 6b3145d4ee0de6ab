-- Appends one entry and queues it for the sequencer. A function, because its plans are kept by the session: every command
-- pays for this statement, and planning it anew costs a fifth of a small command.
create function append_entry(
  id uuid, kind text, name text, at timestamptz, actor_kind text, actor_id text, actor_name text,
  subject_kind text, subject_id text, subject_ref text, model_id uuid, summary text, leaf bytea, body bytea, request_id text
) returns void language plpgsql as $$
begin
  insert into log_entry (id, kind, name, at, actor_kind, actor_id, actor_name, subject_kind, subject_id, subject_ref, model_id, summary, leaf, body, request_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);
  insert into log_queue (entry_id) values ($1);
end $$;
