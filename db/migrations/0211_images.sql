-- Pictures in Markdown texts, named in them by the digest of their bytes; the bytes are in the blob store beside evidence.
create table image (
  sha256 text primary key,
  name text not null,
  media_type text not null,
  size integer not null,
  width integer not null,
  height integer not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null
);
