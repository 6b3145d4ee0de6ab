-- A request that was taken back makes way for another: only one waits for a decision at a time.
drop index waiver_pending_once;
create unique index waiver_pending_once on waiver (model_id, item_id)
  where accepted_at is null and refused_at is null and ended_at is null;
