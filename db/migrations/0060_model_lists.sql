-- Keyset orders of the model list: one index per order, so that every page costs the same however deep it lies.
create index model_order_tier on model ((coalesce(tier, 9)), name);
create index model_order_released on model ((coalesce(last_release_at, '-infinity'::timestamptz)), name);
create index model_order_stage on model (stage, name);
drop index model_by_stage;
create index model_by_connection on model (connection_id, name);
create index model_version_order on model_version (model_id, registered_at desc, id desc);

create table owner_request (
  id uuid primary key,
  model_id uuid not null references model (id),
  person_id uuid not null references person (id),
  about text not null,
  note text not null default '',
  asked_by text not null,
  asked_by_name text not null,
  asked_at timestamptz not null,
  done_at timestamptz
);
create unique index owner_request_open_once on owner_request (model_id, about) where done_at is null;
create index owner_request_by_person on owner_request (person_id, done_at);
