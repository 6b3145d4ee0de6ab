-- The assessment that the model's readiness numbers come from, and when it was last taken.
alter table model add column readiness_digest text;
alter table model add column readiness_at timestamptz;
