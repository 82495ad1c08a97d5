-- The tree over the tombstones so far (RFC 6962): its size and the hashes of its whole subtrees, so that the root after one more destruction costs one destruction and not all of them.
create table tombstone_head (
  tenant uuid not null, matter_id text not null, size bigint not null, peaks bytea not null,
  primary key (tenant, matter_id)
);
alter table tombstone_head enable row level security;
alter table tombstone_head force row level security;
create policy one_tenant on tombstone_head using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
grant select, insert, update, delete on tombstone_head to handover_app;
