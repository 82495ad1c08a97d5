-- A person's decision on what a field is and how sensitive it is (PRODUCT §6 row 2). Source, data set and column stand only as a salted digest, so that later scans of the same source find it again; the reason is sealed.
create table grade_override (
  tenant uuid not null, matter_id text not null, id text not null, number bigint not null, scope text not null check (scope in ('source', 'everywhere')),
  salt bytea not null, print bytea not null, type text, grade text, statement jsonb not null, digest bytea not null, reason_sealed bytea not null, adopted jsonb, signed_by text not null, at timestamptz not null,
  primary key (tenant, matter_id, id), unique (tenant, matter_id, number)
);
create trigger grade_override_append_only before update or delete on grade_override for each row execute function refuse_change();

-- What the newest decision says of a field that is in the books; its values stay sealed under the grade of the booking.
alter table field add column decided_type text;
alter table field add column decided_grade text;
alter table field add column decided_by text;

do $$ begin
  alter table grade_override enable row level security;
  alter table grade_override force row level security;
  create policy one_tenant on grade_override using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
  grant select, insert, update, delete on grade_override to handover_app;
end $$;
