-- Pictures that no text refers to are removed after a while; one that a text was seen to refer to stays for good.
alter table image add column sent_at timestamptz, add column referred_at timestamptz;
update image set sent_at = uploaded_at;
alter table image alter column sent_at set not null;
create index image_unreferred on image (sent_at) where referred_at is null;
