-- 合规审计 (个人信息保护法 第五十四条): an audit of a matter against the 26 points, the samples it drew with their seeds, and what it found. Words are sealed; no line is ever changed, a later one takes the place of an earlier.
create table audit (
  tenant uuid not null, matter_id text not null, id text not null, nature text not null check (nature in ('self', 'ordered')), period_from date not null, period_to date not null, opened_by text not null, at timestamptz not null,
  primary key (tenant, matter_id, id)
);
create table audit_sample (
  tenant uuid not null, matter_id text not null, audit_id text not null, number bigint not null, point text, seed bytea not null check (length(seed) = 32), upto bigint not null, wanted int not null, seqs bigint[] not null, drawn_by text not null, at timestamptz not null,
  primary key (tenant, matter_id, audit_id, number)
);
create table audit_finding (
  tenant uuid not null, matter_id text not null, audit_id text not null, number bigint not null, point text not null, result text not null check (result in ('conforms', 'does-not-conform', 'not-applicable')), severity text not null check (severity in ('none', 'minor', 'major')),
  due date, fixed_on date, said_sealed bytea not null, statement jsonb not null, digest bytea not null, signed_by text not null, at timestamptz not null,
  primary key (tenant, matter_id, audit_id, number)
);
create table audit_report (
  tenant uuid not null, matter_id text not null, audit_id text not null, digest bytea not null, fact_id text not null, report_sealed bytea not null, at timestamptz not null,
  primary key (tenant, matter_id, audit_id, digest)
);
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_sample_append_only before update or delete on audit_sample for each row execute function refuse_change();
create trigger audit_finding_append_only before update or delete on audit_finding for each row execute function refuse_change();
create trigger audit_report_append_only before update or delete on audit_report for each row execute function refuse_change();

do $$ declare name text; begin
  foreach name in array array['audit', 'audit_sample', 'audit_finding', 'audit_report'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy one_tenant on %I using (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid) with check (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid)', name);
    execute format('grant select, insert, update, delete on %I to handover_app', name);
  end loop;
end $$;
