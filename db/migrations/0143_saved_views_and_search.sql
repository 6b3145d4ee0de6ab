-- A list as someone wants to see it again: its filters, order and columns, as they stand in the address.
create table saved_view (
  id uuid primary key,
  list text not null,
  name text not null,
  -- Filters, order and hidden columns, as in the address, in a fixed order.
  query text not null,
  owner_id uuid not null references person (id),
  -- personal: its owner only; unit: who may read the unit's models; organisation: everyone who may read models.
  scope text not null,
  business_unit_id uuid references business_unit (id),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint saved_view_unit check ((scope = 'unit') = (business_unit_id is not null)),
  unique (owner_id, list, name)
);
create index saved_view_shared on saved_view (list, scope) where scope <> 'personal';
insert into history_rule values ('saved_view', 'select * from public.saved_view');

-- Models whose name looks like what was typed, best first. Beside names_like, because a list of models can be asked of the past.
create function models_like(typed text) returns table (id uuid, likeness real) language sql stable
set pg_trgm.word_similarity_threshold = 0.4
as $$
  select m.id, word_similarity(typed, m.name) from model m where typed <% m.name order by 2 desc limit 50
$$;
create index use_case_name_parts on use_case using gin (name gin_trgm_ops);
