-- The past of the inventory (decision 0140). One trigger keeps every state that a row of a tracked table had, from the instant of
-- the log entry that made it; one schema of views shows all tables as they stood at an instant, so that any query can be asked
-- of the past unchanged.
create table history (
  relation text not null,
  row_id uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  -- The log entry that made this state; null for what stood there when history began.
  entry_id uuid,
  model_id uuid,
  state jsonb not null,
  primary key (relation, row_id, valid_from)
);
create index history_by_model on history (model_id, relation) where model_id is not null;

-- What the views of the past say about a table whose rows are never changed (a condition on its own instant), or whose
-- present may be read beside the past. Tables in neither list refuse to be read as of the past.
create table history_rule (relation text primary key, definition text not null);

-- The instant and id of a command's entry, for the triggers that run when its transaction commits.
create or replace function append_entry(
  id uuid, kind text, name text, at timestamptz, actor_kind text, actor_id text, actor_name text,
  subject_kind text, subject_id text, subject_ref text, model_id uuid, summary text, leaf bytea, body bytea, request_id text
) returns void language plpgsql as $$
begin
  insert into log_entry (id, kind, name, at, actor_kind, actor_id, actor_name, subject_kind, subject_id, subject_ref, model_id, summary, leaf, body, request_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);
  insert into log_queue (entry_id) values ($1);
  if $2 = 'command' then
    perform set_config('countersign.entry', $1::text, true), set_config('countersign.entry_at', $4::text, true);
  end if;
end $$;

-- Deferred to the commit, because only then is the entry known. Arguments: columns that are never kept (secrets, bulk).
create function keep_history() returns trigger language plpgsql as $$
declare
  entry_at timestamptz := coalesce(nullif(current_setting('countersign.entry_at', true), '')::timestamptz, clock_timestamp());
  entry uuid := nullif(current_setting('countersign.entry', true), '')::uuid;
  dropped text[] := string_to_array(coalesce(tg_argv[0], ''), ',');
  now_state jsonb;
  last timestamptz;
begin
  if tg_op <> 'INSERT' then
    select h.valid_from into last from history h
      where h.relation = tg_table_name and h.row_id = old.id and h.valid_to is null;
    -- Two entries at one instant, or a clock that went backwards: the later write stands in the earlier one's place.
    if last is not null and last >= entry_at then entry_at := last; end if;
    if last is not null and (tg_op = 'DELETE' or last < entry_at) then
      update history h set valid_to = entry_at
        where h.relation = tg_table_name and h.row_id = old.id and h.valid_from = last;
    end if;
  end if;
  if tg_op <> 'DELETE' then
    now_state := to_jsonb(new) - dropped;
    insert into history as h (relation, row_id, valid_from, entry_id, model_id, state)
      values (tg_table_name, new.id, entry_at, entry,
        case when tg_table_name = 'model' then new.id else (now_state ->> 'model_id')::uuid end, now_state)
      on conflict (relation, row_id, valid_from) do update
        set state = excluded.state, entry_id = excluded.entry_id, model_id = excluded.model_id, valid_to = null;
  end if;
  return null;
end $$;

-- Begins the history of a table with an id. `quiet`: columns whose change alone is no news (seen again, counters of a sync).
create function track_history(relation text, quiet text[] default '{}', dropped text[] default '{}') returns void language plpgsql as $$
begin
  execute format('create constraint trigger keep_history_of_new after insert or delete on %I deferrable initially deferred
    for each row execute function keep_history(%L)', relation, array_to_string(dropped, ','));
  execute format('create constraint trigger keep_history after update on %I deferrable initially deferred
    for each row when ((to_jsonb(old) - %L::text[]) is distinct from (to_jsonb(new) - %L::text[])) execute function keep_history(%L)',
    relation, quiet || dropped, quiet || dropped, array_to_string(dropped, ','));
  execute format('insert into history (relation, row_id, valid_from, model_id, state)
    select %L, t.id, now(), %s, to_jsonb(t) - %L::text[] from %I t',
    relation, case when relation = 'model' then 't.id' else '(to_jsonb(t) ->> ''model_id'')::uuid' end, dropped, relation);
end $$;

-- The instant that the past is read at.
create function as_of_instant() returns timestamptz language sql stable parallel safe as $$
  select current_setting('countersign.as_of')::timestamptz
$$;

-- Called immutable so that PostgreSQL evaluates it when it plans: a query that merely names the table refuses, rows or none.
create function no_past_of(relation text) returns boolean language plpgsql immutable as $$
begin
  raise exception 'the past of % is not kept', relation using errcode = 'CS002';
end $$;

-- Makes the views of the past anew; `db/migrate.ts` calls it after migrations, so that a new column is in the past too.
create function refresh_as_of() returns void language plpgsql as $$
declare
  t record;
  kept text;
  made text;
begin
  drop schema if exists as_of cascade;
  create schema as_of;
  for t in
    select c.oid, c.relname,
      exists (select 1 from pg_trigger g where g.tgrelid = c.oid and g.tgname = 'keep_history') as tracked,
      (select r.definition from history_rule r where r.relation = c.relname) as rule
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('history', 'history_rule', 'migration')
  loop
    if t.tracked then
      select string_agg(format('%s as %I', case
          when a.attname = 'id' then 'h.row_id'
          when a.attname = 'model_id' then 'h.model_id'
          when y.typcategory = 'A' then format('case when jsonb_typeof(h.state -> %1$L) = ''array'' then array(select jsonb_array_elements_text(h.state -> %1$L))::%2$s end', a.attname, format_type(a.atttypid, a.atttypmod))
          when y.typname = 'jsonb' then format('nullif(h.state -> %L, ''null''::jsonb)', a.attname)
          else format('(h.state ->> %L)::%s', a.attname, format_type(a.atttypid, a.atttypmod)) end, a.attname), ', ' order by a.attnum)
          filter (where a.attgenerated = ''),
        string_agg(format('%s as %I', pg_get_expr(d.adbin, d.adrelid), a.attname), ', ' order by a.attnum)
          filter (where a.attgenerated <> '')
        into kept, made
        from pg_attribute a join pg_type y on y.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped;
      execute format('create view as_of.%I as select x.*%s from (select %s from public.history h
        where h.relation = %L and h.valid_from <= public.as_of_instant() and (h.valid_to is null or h.valid_to > public.as_of_instant())) x',
        t.relname, coalesce(', ' || made, ''), kept, t.relname);
    elsif t.rule is not null then
      execute format('create view as_of.%I as %s', t.relname, t.rule);
    else
      select string_agg(format('null::%s as %I', format_type(a.atttypid, a.atttypmod), a.attname), ', ' order by a.attnum)
        into kept from pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped;
      execute format('create view as_of.%I as select %s where public.no_past_of(%L)', t.relname, kept, t.relname);
    end if;
  end loop;
end $$;

select track_history('model', '{last_seen_at,missed_sweeps,registry_sha256,readiness_at,updated_at,revision}', '{}');
select track_history('model_version', '{last_seen_at,run_read_at,raw_sha256}', '{raw}');
select track_history('deployment');
select track_history('use_case');
select track_history('business_unit');
select track_history('person', '{image,email_verified}', '{image}');
select track_history('connection', '{last_completed_at}', '{secret,username}');
select track_history('owner_request');
select track_history('finding');
select track_history('release');
select track_history('incident');

insert into history_rule values
  ('log_entry', 'select * from public.log_entry where at <= public.as_of_instant()'),
  ('log_leaf', 'select * from public.log_leaf'),
  ('log_checkpoint', 'select * from public.log_checkpoint'),
  ('role_grant', 'select * from public.role_grant'),
  ('risk_assessment', 'select * from public.risk_assessment where answered_at <= public.as_of_instant()'),
  ('fact', 'select id, subject_kind, subject_id, key, value, effective_at, case when collected_at > public.as_of_instant() then recorded_at else collected_at end as collected_at, recorded_at, source_kind, source_id, source_name, run_ref, case when superseded_at <= public.as_of_instant() then superseded_at end as superseded_at, log_entry_id from public.fact where recorded_at <= public.as_of_instant()');
insert into history_rule values
  ('lineage_edge', 'select * from public.lineage_edge where first_seen_at <= public.as_of_instant()');
