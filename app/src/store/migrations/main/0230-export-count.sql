-- Persons whose information went abroad, by calendar year, over all matters of a home (促进和规范数据跨境流动规定: cumulative since 1 January). One line a package, with the persons that no earlier package of the same matter and year had taken; it outlives the erased records.
create table export_count (
  tenant uuid not null, matter_id text not null, package_id text not null, year int not null, persons bigint not null, sensitive bigint not null, at timestamptz not null,
  primary key (tenant, matter_id, package_id)
);
create trigger export_count_append_only before update or delete on export_count for each row execute function refuse_change();

do $$ begin
  alter table export_count enable row level security;
  alter table export_count force row level security;
  create policy one_tenant on export_count using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
  grant select, insert, update, delete on export_count to handover_app;
end $$;
