-- Reviews of the same system, whatever its spelling: asked while a submission is written.
create index review_by_system on review (model_name_key(submission->>'system'));
