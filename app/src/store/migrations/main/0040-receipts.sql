-- Receipts that must outlive their records (CONTRACTS §§9, 14): sealed under the subject's own secret, which is never stored here. The handle follows from that secret, and all rows are padded to a few
-- sizes, so a row tells neither whose it is nor which records it speaks of.
create table sealed_receipt (
  tenant uuid not null, matter_id text not null, handle bytea not null, sealed bytea not null,
  primary key (tenant, matter_id, handle)
);
alter table sealed_receipt alter column sealed set storage external;
alter table sealed_receipt enable row level security;
alter table sealed_receipt force row level security;
create policy one_tenant on sealed_receipt using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
grant select, insert on sealed_receipt to handover_app;
