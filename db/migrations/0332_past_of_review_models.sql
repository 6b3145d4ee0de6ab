-- What a round pinned never changes: in the past it is there from the instant of the submission that pinned it.
insert into history_rule (relation, definition) values
  ('review_decision', 'select * from public.review_decision where decided_at <= public.as_of_instant()'),
  ('review_model', 'select m.* from public.review_model m join public.review_submission s on s.review_id = m.review_id and s.round = m.round where s.submitted_at <= public.as_of_instant()'),
  ('review_pattern', 'select p.* from public.review_pattern p join public.review_submission s on s.review_id = p.review_id and s.round = p.round where s.submitted_at <= public.as_of_instant()');
