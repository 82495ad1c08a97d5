-- Which records a sealed receipt speaks of (CONTRACTS §9: receipts before erasure). Written in a transaction of its own after all receipts of a run, so that nothing links a receipt's handle to these records.
create table receipted_record (
  tenant uuid not null, matter_id text not null, record_id bytea not null,
  primary key (tenant, matter_id, record_id)
);
-- The key slots of an order that are still to be erased, without looking at those that are done.
create index erasure_waiting on erasure (tenant, matter_id, order_id, slot) where erased_keys_at is null;
alter table receipted_record enable row level security;
alter table receipted_record force row level security;
create policy one_tenant on receipted_record using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
grant select, insert on receipted_record to handover_app;
