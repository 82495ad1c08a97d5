-- The one door's book (CONTRACTS §13): who was about to read which records, for what; written and committed before anything is decrypted.
create table read_audit (
  tenant uuid not null, matter_id text not null, id bigint generated always as identity,
  person text not null, purpose text not null, approval text, compartments text[] not null, field_indexes int[],
  data_set_id text, records int not null, first_ordinal bigint not null, last_ordinal bigint not null,
  record_ids bytea not null,         -- the ids one after the other, 16 bytes each
  at timestamptz not null,           -- legal clock
  written_at timestamptz not null default now(),
  primary key (tenant, matter_id, id)
);
create index read_audit_by_person on read_audit (tenant, matter_id, person, written_at);
create trigger read_audit_append_only before update or delete on read_audit for each row execute function refuse_change();
alter table read_audit enable row level security;
alter table read_audit force row level security;
create policy one_tenant on read_audit using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
grant select, insert on read_audit to handover_app;

-- A label is sealed under its matter's label key, so it must say which matter that is.
alter table label add column matter_id text not null;
alter table label drop constraint label_pkey;
alter table label add primary key (tenant, matter_id, owner, kind);

-- Ciphertext does not compress.
alter table record_cipher alter column sealed set storage external;
