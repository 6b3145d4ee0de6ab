-- Since when a model is in its stage, so that a portfolio can say what is new, retired and stuck.
alter table model add column stage_since timestamptz;
create index model_stage_since on model (stage, stage_since);
create index model_created on model (created_at);

create function keep_stage_since() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.stage_since := coalesce(new.stage_since, new.created_at);
  elsif new.stage is distinct from old.stage then
    new.stage_since := new.updated_at;
  end if;
  return new;
end $$;
create trigger keep_stage_since before insert or update of stage on model for each row execute function keep_stage_since();

-- Last, because the history of the models is written at the end of the transaction.
update model m set stage_since = coalesce(
  (select min(h.valid_from) from history h where h.relation = 'model' and h.row_id = m.id and h.state ->> 'stage' = m.stage
    and h.valid_from > coalesce((select max(o.valid_from) from history o where o.relation = 'model' and o.row_id = m.id and o.state ->> 'stage' <> m.stage), '-infinity')),
  m.claimed_at, m.created_at);
