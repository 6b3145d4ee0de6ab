-- Where a snapshot of a link was read from, and what scanned a file; the table itself stays append-only.
alter table evidence_file add column source_url text;
alter table evidence_file add column scanned_by text not null default '';
-- Days before the end of an attestation of which was warned.
alter table attestation add column warned integer[] not null default '{}';
create index attestation_of_item on attestation (model_id, item_id, recorded_at);
