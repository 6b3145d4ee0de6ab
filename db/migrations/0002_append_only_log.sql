-- The log and whatever it refers to by digest can be added to and nothing else.
-- A superuser can still get around this (session_replication_role); only the signed tree heads detect that.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'CS001';
end $$;

do $$
declare t text;
begin
  foreach t in array array['log_entry', 'log_leaf', 'log_node', 'log_checkpoint', 'statement', 'statement_subject', 'signature', 'adr_revision', 'assessment', 'evidence_file', 'gate_check', 'review_decision', 'risk_assessment']
  loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;

insert into log_head (id, size) values (1, 0);

-- At most one job with a given key waits at a time; a running one may be followed by one more.
create unique index job_unique_waiting on job (unique_key) where state = 'waiting' and unique_key is not null;

-- Human-readable numbers: REV-0001. Gaps are fine, two of the same are not.
create sequence ref_uc; create sequence ref_adr; create sequence ref_rev; create sequence ref_fnd; create sequence ref_con;
create sequence ref_rel; create sequence ref_wvr; create sequence ref_inc;
