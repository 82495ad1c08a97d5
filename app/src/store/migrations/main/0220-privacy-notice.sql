-- The transferor's privacy notices (隐私政策), by version (rule E15). The text is sealed; what was found in it stands by clause numbers and listed words only.
create table privacy_notice (
  tenant uuid not null, matter_id text not null, id text not null, version text not null, from_day date not null, until_day date, kind text not null,
  document bytea not null, bytes bigint not null, clauses int not null, finder int not null, promises jsonb not null, text_sealed bytea not null,
  statement jsonb not null, digest bytea not null, signed_by text not null, at timestamptz not null, superseded_by text,
  primary key (tenant, matter_id, id)
);

do $$ begin
  alter table privacy_notice enable row level security;
  alter table privacy_notice force row level security;
  create policy one_tenant on privacy_notice using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
  grant select, insert, update, delete on privacy_notice to handover_app;
end $$;
