-- The approved review that another one asks to change.
alter table review add column base_id uuid references review (id);
create index review_by_base on review (base_id) where base_id is not null;
-- Of several requests to change one design at most one is before the board or being written.
create unique index review_one_open_change on review (base_id)
  where base_id is not null and status in ('draft', 'in_review', 'changes_requested', 'deferred');
