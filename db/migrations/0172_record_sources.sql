-- The id of the file's blob in its repository: what did not change is not read again, and a rename is known by it.
alter table adr_file add column blob text;
create index adr_source_due on adr_source (tried_at) where ended_at is null and kind <> 'files';
create unique index adr_source_once on adr_source (kind, address, coalesce(branch, '')) where ended_at is null and address is not null;
