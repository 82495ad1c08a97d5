-- A gate rule that named people overrode on counsel's opinion (law register §9: BLOCK falls to counsel and protection officer with reason only). The reason is sealed, the opinion stands as its digest; a line is never changed.
create table gate_override (
  tenant uuid not null, matter_id text not null, id text not null, rule text not null check (rule ~ '^[A-M][0-9]{2}$'), codes text[] not null check (cardinality(codes) > 0),
  article text not null check (length(article) between 3 and 60), opinion bytea not null check (length(opinion) = 32), reason_sealed bytea not null, until date not null, approval_id text not null, seq bigint not null, at timestamptz not null,
  primary key (tenant, matter_id, id)
);
create trigger gate_override_append_only before update or delete on gate_override for each row execute function refuse_change();

do $$ begin
  alter table gate_override enable row level security;
  alter table gate_override force row level security;
  create policy one_tenant on gate_override using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
  grant select, insert, update, delete on gate_override to handover_app;
end $$;
