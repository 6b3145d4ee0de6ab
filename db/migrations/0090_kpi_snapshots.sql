create table kpi_snapshot (
  id uuid primary key,
  kpi text not null,
  business_unit_id uuid references business_unit (id),
  month text not null,
  method_version text not null,
  content bytea not null,
  digest text not null,
  log_size bigint not null,
  frozen_at timestamptz not null,
  constraint kpi_snapshot_once unique nulls not distinct (kpi, business_unit_id, month)
);
create trigger append_only before update or delete on kpi_snapshot for each row execute function refuse_change();
create trigger append_only_truncate before truncate on kpi_snapshot for each statement execute function refuse_change();
