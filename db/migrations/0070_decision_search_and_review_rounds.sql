-- Full-text search over the current text of each decision record. Apart from adr, so that lists stay narrow.
create table adr_text (
  adr_id uuid primary key references adr (id),
  body text not null,
  words tsvector not null generated always as (to_tsvector('english', body)) stored
);
create index adr_text_words on adr_text using gin (words);
create index adr_by_superseder on adr (superseded_by_id) where superseded_by_id is not null;
create index adr_by_pattern on adr (pattern_id) where pattern_id is not null;

-- Agents draft records too; their id is a token's, not a person's. The name shown comes from the log.
alter table adr drop constraint adr_author_id_person_id_fk;

-- What each round of a review was about, byte for byte.
create table review_submission (
  id uuid primary key,
  review_id uuid not null references review (id),
  round integer not null,
  digest text not null,
  content bytea not null,
  adr_digest text,
  pattern_digest text,
  assessment_digest text,
  submitted_by uuid not null references person (id),
  submitted_at timestamp with time zone not null,
  constraint review_submission_once_per_round unique (review_id, round)
);
create trigger append_only before update or delete on review_submission for each row execute function refuse_change();
create trigger append_only_truncate before truncate on review_submission for each statement execute function refuse_change();

-- Of the automatic decisions, those drawn for a look by people afterwards.
alter table review add column sampled boolean not null default false;
create index review_by_creator on review (created_by, status);

alter table condition add column finding_id uuid references finding (id);
alter table condition add column returned_reason text;
alter table condition add column first_due_on date;
alter table condition add column extension_reason text;
create index condition_by_review on condition (review_id);
