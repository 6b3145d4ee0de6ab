-- The newest validation of data that a model reads, by suite and what it was run on. An older one that comes late says nothing any more.
create table data_validation (
  id uuid primary key,
  model_id uuid not null references model(id),
  suite text not null,
  -- Table, file or batch that was validated; empty where the result does not say.
  asset text not null,
  ran_at timestamptz not null,
  success boolean not null,
  evaluated integer not null,
  failed integer not null,
  -- Expectations that were not met, in words, the first fifty.
  unmet text[] not null,
  sha256 text not null,
  -- Since when it no longer counts, because somebody said that the suite is not run any more.
  retired_at timestamptz,
  constraint data_validation_once unique (model_id, suite, asset)
);
