-- Files of SLOs that a connection reads from a Git repository: the commit at which this content came, and the blob that holds it.
alter table source_file add column git_commit text;
alter table source_file add column git_blob text;
