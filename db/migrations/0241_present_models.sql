-- Lists and the portfolio count the models that are not part of another one; this answers from the index alone.
create index model_present on model (business_unit_id, stage, tier) where joined_to_id is null;
