create table team (
  id uuid primary key,
  name text not null unique,
  business_unit_id uuid not null references business_unit (id),
  lead_id uuid references person (id),
  created_at timestamptz not null
);
create index team_by_unit on team (business_unit_id, name);
select track_history('team');

-- What a use case is worth is an amount in a currency and of a kind; only amounts in EUR are added up.
alter table use_case
  add column value_amount numeric(14, 2),
  add column value_currency text,
  add column value_kind text,
  add column eu_role text,
  add column legal_class text,
  add column owner_id uuid references person (id),
  add column updated_at timestamptz,
  add column revision integer not null default 1,
  -- One of the three says nothing without the others.
  add constraint use_case_value_whole check (num_nulls(value_amount, value_currency, value_kind) in (0, 3));
update use_case set updated_at = created_at, value_amount = value_eur,
  value_currency = case when value_eur is not null then 'EUR' end, value_kind = case when value_eur is not null then 'other' end;
alter table use_case alter column updated_at set not null;
alter table use_case drop column value_eur;
alter table use_case add column value_eur numeric(14, 2) generated always as (case when value_currency = 'EUR' then value_amount end) stored;
create index use_case_by_unit on use_case (business_unit_id, ref);
create index use_case_by_owner on use_case (owner_id);

-- Use cases that a model serves beside its main one (model.use_case_id, where value is counted).
create table model_use_case (
  id uuid primary key,
  model_id uuid not null references model (id),
  use_case_id uuid not null references use_case (id),
  since timestamptz not null,
  unique (model_id, use_case_id)
);
create index model_use_case_by_use_case on model_use_case (use_case_id);
create index model_by_team on model (team) where team <> '';
create index model_by_use_case on model (use_case_id);
select track_history('model_use_case');
