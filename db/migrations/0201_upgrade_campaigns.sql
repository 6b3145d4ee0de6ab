-- A campaign may ask adopters of a pattern to move to a newer text of it: {pattern, title, from, to, digest}. Null: it asks who
-- answers for the models.
alter table campaign add column upgrade jsonb;
create unique index campaign_upgrade_open_once on campaign ((upgrade ->> 'pattern')) where upgrade is not null and closed_at is null;
