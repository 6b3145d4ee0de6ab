-- Of two writers, one wins: at most one current row of each.
create unique index fact_current_once on fact (subject_id, key, source_id) where superseded_at is null;
create unique index attestation_current_once on attestation (model_id, item_id) where superseded_at is null;
create unique index pattern_adoption_current_once on pattern_adoption (model_id) where ended_at is null;
create unique index waiver_pending_once on waiver (model_id, item_id) where accepted_at is null and refused_at is null;

-- What the legal class rests on (governance.md section 1.1): Art. 50 flag, Annex III area, Art. 6(3) ground and its reason.
alter table risk_assessment add column legal jsonb not null default '{}';

-- "Not applicable" names its reason from a fixed list; for tier 1 a second person confirms it.
alter table attestation add column not_applicable_reason text;
alter table attestation add column confirmed_by uuid;
alter table attestation add column confirmed_at timestamptz;
alter table attestation add column checklist_digest text not null default '';
alter table waiver add column refused_by uuid;

create index attestation_by_expiry on attestation (expires_at) where superseded_at is null;
create index evidence_file_by_time on evidence_file (uploaded_at, sha256);
