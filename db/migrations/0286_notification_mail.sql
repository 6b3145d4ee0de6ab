-- Mail (decision 0285): what someone wants mailed, when, and what became of each mail.
create table notification_preference (
  person_id uuid not null references person (id),
  kind text not null,
  mail text not null check (mail in ('immediate', 'digest', 'portal')),
  primary key (person_id, kind)
);

create table notification_setting (
  person_id uuid primary key references person (id),
  time_zone text not null,
  digest_hour int not null check (digest_hour between 0 and 23),
  -- No immediate mail from this hour until that one, in the person's zone.
  quiet_from int check (quiet_from between 0 and 23),
  quiet_until int check (quiet_until between 0 and 23),
  check (num_nonnulls(quiet_from, quiet_until) in (0, 2))
);

-- One message on its way out. A row that says "sending" and is not taken up again may have arrived: it is never sent twice by itself.
create table delivery (
  id uuid primary key,
  person_id uuid not null references person (id),
  -- The local day of a digest; null for a mail about one thing.
  digest_on date,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'given_up', 'uncertain', 'needless')),
  attempts int not null default 0,
  next_at timestamptz not null,
  claimed_at timestamptz,
  answer text not null default '',
  made_at timestamptz not null,
  finished_at timestamptz,
  constraint delivery_digest_once unique (person_id, digest_on)
);
create index delivery_due on delivery (next_at) where state = 'waiting';
create index delivery_trouble on delivery (made_at) where state in ('sending', 'failed', 'given_up', 'uncertain');

alter table notification
  add column made_at timestamptz not null default now(),
  add column mail text not null default 'none' check (mail in ('immediate', 'digest', 'none')),
  add column delivery_id uuid references delivery (id);
create index notification_for_digest on notification (person_id, made_at) where mail = 'digest' and delivery_id is null and read_at is null;
create index notification_by_delivery on notification (delivery_id) where delivery_id is not null;
