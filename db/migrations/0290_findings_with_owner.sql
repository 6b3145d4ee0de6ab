-- What a finding says of conformance, who owns it and by when, and who took which step; findings and comments on one diagram.
alter table finding add column conformance text;
alter table finding add column owner_id uuid references person (id);
alter table finding add column due_on date;
alter table finding add column diagram integer;
alter table finding add column accepted_by uuid references person (id);
alter table finding add column accepted_at timestamp with time zone;
create index finding_by_owner on finding (owner_id, status, due_on);
create index finding_by_raised on finding (raised_at desc, id desc);
alter table review_comment add column diagram integer;
