-- What a recipient's home notes of a package (no value, salt or leaf: the package itself is the truth to compare with), and every signed statement about a package at the transferor.
alter table received_package add column sequence int not null;
alter table received_package add column sender_party text not null;
alter table received_package add column purpose text not null;
create index received_package_by_matter on received_package (tenant, matter_id, sender_party, sequence);

create table package_statement (
  tenant uuid not null, matter_id text not null, package_id text not null, digest bytea not null, kind text not null check (kind in ('acceptance', 'reconciliation')),
  envelope jsonb not null, recorded_at timestamptz not null,
  primary key (tenant, matter_id, package_id, digest)
);
alter table package_statement enable row level security;
alter table package_statement force row level security;
create policy one_tenant on package_statement using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
grant select, insert, update on package_statement to handover_app;
