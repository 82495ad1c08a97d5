-- 个人信息保护影响评估 (个人信息保护法 第五十五条、第五十六条): begun once a matter; answers and treatments are signed by people, their words sealed; approved reports stay whole for three years and more. No line is ever changed.
create table impact_assessment (
  tenant uuid not null, matter_id text not null, id text not null, started_by text not null, at timestamptz not null,
  primary key (tenant, matter_id), unique (tenant, id)
);
create table impact_answer (
  tenant uuid not null, matter_id text not null, number bigint not null, item text not null, said_sealed bytea not null, statement jsonb not null, digest bytea not null, signed_by text not null, at timestamptz not null,
  primary key (tenant, matter_id, number)
);
create table impact_report (
  tenant uuid not null, matter_id text not null, digest bytea not null, fact_id text not null, report_sealed bytea not null, at timestamptz not null,
  primary key (tenant, matter_id, digest)
);
create trigger impact_assessment_append_only before update or delete on impact_assessment for each row execute function refuse_change();
create trigger impact_answer_append_only before update or delete on impact_answer for each row execute function refuse_change();
create trigger impact_report_append_only before update or delete on impact_report for each row execute function refuse_change();

do $$ declare name text; begin
  foreach name in array array['impact_assessment', 'impact_answer', 'impact_report'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy one_tenant on %I using (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid) with check (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid)', name);
    execute format('grant select, insert, update, delete on %I to handover_app', name);
  end loop;
end $$;
