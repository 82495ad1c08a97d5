-- Backups of this home (CONTRACTS §10): which there are, who can open them, until when; and the line of the copies book that each one is in every open matter. Where a file lies is a label (sealed), never a column.
create table backup (
  tenant uuid not null, id text not null,
  made_at timestamptz not null,      -- legal clock
  expires timestamptz not null, recipients text[] not null,
  status text not null check (status in ('writing', 'complete', 'abandoned', 'deleting', 'deleted')),
  outer_sha256 bytea,                -- digest of its signed list; null until it is complete
  bytes bigint, records bigint not null, ended_at timestamptz,
  deletion_proof text,               -- SHA-256 of the approval under which it was deleted
  primary key (tenant, id)
);
create table backup_copy (
  tenant uuid not null, backup_id text not null, matter_id text not null, copy_id text not null,
  primary key (tenant, backup_id, matter_id)
);
do $$ declare t text; begin
  foreach t in array array['backup', 'backup_copy'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy one_tenant on %I using (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid) with check (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid)', t);
    execute format('grant select, insert, update on %I to handover_app', t);
  end loop;
end $$;
-- A backup says which schema its rows have.
grant select on schema_migration to handover_app;
