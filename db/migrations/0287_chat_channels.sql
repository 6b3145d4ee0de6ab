-- Chat (decision 0285): channels that are told of what happens in a business unit, or anywhere, through an incoming webhook.
create table chat_channel (
  id uuid primary key,
  name text not null,
  system text not null check (system in ('slack', 'teams')),
  -- The webhook's address is its credential: sealed, as the secrets of connections are. The host alone is shown.
  url bytea not null,
  host text not null,
  unit_id uuid references business_unit (id),
  kinds text[] not null,
  paused_at timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  removed_at timestamptz
);
create unique index chat_channel_name on chat_channel (name) where removed_at is null;

alter table delivery
  alter column person_id drop not null,
  add column channel_id uuid references chat_channel (id),
  add column notice_id uuid references notice (id) on delete cascade,
  add constraint delivery_to_one check (num_nonnulls(person_id, channel_id) = 1 and num_nonnulls(channel_id, notice_id) in (0, 2)),
  add constraint delivery_chat_once unique (channel_id, notice_id);
