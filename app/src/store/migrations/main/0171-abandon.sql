-- A package that became void when its matter was abandoned, at its recipient: it is not received any more.
create table void_package (
  tenant uuid not null, matter_id text not null, package_id text not null, at timestamptz not null,
  primary key (tenant, package_id)
);
alter table void_package enable row level security;
alter table void_package force row level security;
create policy one_tenant on void_package using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
grant select, insert on void_package to handover_app;
