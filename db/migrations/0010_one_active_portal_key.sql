-- The portal signs statements with one key and tree heads with one key at a time; a race for the first start has one winner.
create unique index portal_key_active_once on portal_key (purpose) where retired_at is null;
