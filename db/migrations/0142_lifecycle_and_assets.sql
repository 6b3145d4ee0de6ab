-- When a model ends, what takes its place and who was told.
alter table model
  add column end_of_life date,
  add column successor_id uuid references model (id),
  add column end_reason text not null default '',
  add column consumers_told_on date,
  add constraint model_is_not_its_successor check (successor_id <> id);
create index model_by_end_of_life on model (end_of_life) where end_of_life is not null;

alter table model_version
  add column licence text,
  add column base_model text,
  -- What it runs in: language, libraries, image.
  add column runtime text;

-- Where exactly a version serves: an endpoint or a job by name, in a region, with its share of the traffic there.
alter table deployment
  add column target text not null default '',
  add column target_kind text,
  add column region text not null default '',
  add column percent integer not null default 100 check (percent between 0 and 100);

-- What models are made from: datasets, features, pipelines.
create table asset (
  id uuid primary key,
  kind text not null,
  name text not null,
  description text not null default '',
  data_class text,
  platform text not null,
  location text not null default '',
  owner_id uuid references person (id),
  business_unit_id uuid not null references business_unit (id),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  revision integer not null default 1,
  unique (kind, name)
);
create index asset_by_unit on asset (business_unit_id, name);
create index asset_order on asset (name, id);
create index asset_name_parts on asset using gin (name gin_trgm_ops);

create table asset_link (
  id uuid primary key,
  asset_id uuid not null references asset (id),
  model_id uuid not null references model (id),
  version_id uuid references model_version (id),
  -- Version or snapshot of the asset, as its system calls it.
  asset_version text not null default '',
  since timestamptz not null,
  unique nulls not distinct (asset_id, model_id, version_id)
);
create index asset_link_by_model on asset_link (model_id);
select track_history('asset', '{updated_at,revision}');
select track_history('asset_link');
