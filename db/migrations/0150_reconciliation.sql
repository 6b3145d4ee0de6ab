-- One command may concern many models (a bulk action, a campaign, a sync): their histories find its one entry here.
create table log_entry_model (
  entry_id uuid not null,
  model_id uuid not null,
  primary key (model_id, entry_id)
);
create trigger append_only before update or delete on log_entry_model for each row execute function refuse_change();
create trigger append_only_truncate before truncate on log_entry_model for each statement execute function refuse_change();

-- A registry's record that is the same model as another one: it is kept and synced as before, and belongs to that one.
alter table model add column joined_to_id uuid references model (id);
create index model_joined on model (joined_to_id) where joined_to_id is not null;

-- What two registries may call one model: without catalogue and schema, environment or copy at the end, case and punctuation.
create function model_name_key(name text) returns text language sql immutable parallel safe
return coalesce(
  nullif(
    regexp_replace(
      regexp_replace(
        regexp_replace(regexp_replace(lower(name), '@.*$', ''), '^[^.]+\.[^.]+\.', ''),
        '([-_. ](prod|production|prd|staging|stage|stg|dev|test|uat|copy|new|final|v[0-9]+))+$', ''
      ),
      '[^[:alnum:]]', '', 'g'
    ),
    ''
  ),
  lower(name)
);
create index model_name_key_index on model (model_name_key(coalesce(external_name, name)));
create index model_ownerless on model (created_at) where owner_id is null;
create index model_vanished on model (vanished_at) where vanished_at is not null;

-- A bulk action of the worklist, with what is needed to take it back.
create table reconciliation_action (
  id uuid primary key,
  name text not null,
  summary text not null,
  items integer not null,
  at timestamptz not null,
  by_id text not null,
  by_name text not null,
  before jsonb not null,
  undone_at timestamptz
);
create index reconciliation_action_by_time on reconciliation_action (at desc);

-- One difference between what was observed and what the inventory says.
create table reconciliation_item (
  id uuid primary key,
  kind text not null,
  model_id uuid references model (id),
  other_id uuid references model (id),
  finding_id uuid references finding (id),
  -- Name of what was seen, where the inventory has no model for it.
  seen_name text not null default '',
  evidence jsonb not null,
  found_at timestamptz not null,
  status text not null,
  reason text not null default '',
  ignored_until timestamptz,
  action_id uuid references reconciliation_action (id),
  settled_at timestamptz,
  settled_by text
);
-- Open, ignored and kept-apart ones hold their place, so that no sweep finds them again; settled ones may come back.
create unique index reconciliation_item_once on reconciliation_item
  (kind, least(model_id, other_id), greatest(model_id, other_id), finding_id, seen_name) nulls not distinct
  where status <> 'settled';
create index reconciliation_item_open on reconciliation_item (status, found_at desc, id desc);
create index reconciliation_item_by_kind on reconciliation_item (kind, status, found_at desc, id desc);
create index reconciliation_item_by_model on reconciliation_item (model_id);
create index reconciliation_item_by_action on reconciliation_item (action_id) where action_id is not null;

select track_history('reconciliation_item');
insert into history_rule values
  ('log_entry_model', 'select * from public.log_entry_model'),
  ('reconciliation_action', 'select * from public.reconciliation_action where at <= public.as_of_instant()');
