-- 评估基础: what an approved impact assessment was made over (plan, data sets that move with their treatment, recipients, risks with their levels, answers); its digest stands in the event ImpactApproved. Ids, rule numbers and words of fixed lists only; no line is ever changed.
create table impact_basis (
  tenant uuid not null, matter_id text not null, fact_id text not null, digest bytea not null check (length(digest) = 32), basis jsonb not null, at timestamptz not null,
  primary key (tenant, matter_id, fact_id, digest)
);
create trigger impact_basis_append_only before update or delete on impact_basis for each row execute function refuse_change();
alter table impact_basis enable row level security;
alter table impact_basis force row level security;
create policy one_tenant on impact_basis using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
grant select, insert, update, delete on impact_basis to handover_app;
