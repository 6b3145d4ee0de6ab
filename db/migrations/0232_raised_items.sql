-- A campaign may raise a readiness item: from its due day on the item is required in further tiers.
alter table campaign add column raise jsonb;
create index campaign_raising on campaign ((raise ->> 'item')) where raise is not null;
create index campaign_item_by_model on campaign_item (model_id);
