create sequence ref_cmp;

-- Who hears of what a unit's owners leave undone.
alter table business_unit add column head_id uuid references person (id);

-- A round in which owners confirm that they answer for their models, or say who does.
create table campaign (
  id uuid primary key,
  ref text not null unique,
  title text not null,
  scope jsonb not null,
  due_on date not null,
  -- Days before the due day on which those who have not answered are reminded.
  remind_days integer[] not null,
  opened_at timestamptz not null,
  opened_by text not null,
  opened_by_name text not null,
  closed_at timestamptz,
  closed_by_name text,
  -- What was attested, byte for byte, from the moment it closed.
  snapshot bytea,
  snapshot_sha256 text
);
create table campaign_item (
  id uuid primary key,
  campaign_id uuid not null references campaign (id),
  model_id uuid not null references model (id),
  model_name text not null,
  business_unit_id uuid references business_unit (id),
  -- Who is asked: the owner, or whoever it was handed over to.
  owner_id uuid references person (id),
  state text not null,
  attested jsonb,
  note text not null default '',
  answered_at timestamptz,
  answered_by uuid references person (id),
  reminded_at timestamptz,
  escalated_at timestamptz,
  escalated_to uuid references person (id),
  constraint campaign_item_once unique (campaign_id, model_id)
);
create index campaign_item_by_name on campaign_item (campaign_id, model_name);
create index campaign_item_of_owner on campaign_item (owner_id) where state = 'open';
create index campaign_item_of_head on campaign_item (escalated_to) where state = 'open';

-- What was frozen stays as it was.
create function keep_frozen_campaign() returns trigger language plpgsql as $$
begin
  if old.closed_at is not null then
    raise exception 'campaign is append-only' using errcode = 'CS001';
  end if;
  return new;
end $$;
create trigger keep_frozen before update or delete on campaign for each row execute function keep_frozen_campaign();

select track_history('campaign', '{}', '{snapshot}');
select track_history('campaign_item');
