-- The key store (CONTRACTS §5): a database of its own, never in data backups. Holds wrapped keys only; the epoch key is never here.
create table key_epoch (
  tenant uuid not null, matter_id text not null, epoch int not null, state text not null check (state in ('turning','current','dropped')), opened_at timestamptz not null, dropped_at timestamptz,
  primary key (tenant, matter_id, epoch)
);
create table key_dir (               -- 128 page keys under the epoch key
  tenant uuid not null, matter_id text not null, dir int not null, epoch int not null, wrapped bytea not null,
  primary key (tenant, matter_id, dir)
);
create table key_page (              -- 120 record secrets under a page key
  tenant uuid not null, matter_id text not null, page int not null, version int not null, wrapped bytea not null,
  primary key (tenant, matter_id, page)
);
create table key_slot (              -- next free slot; slots are never used twice
  tenant uuid not null, matter_id text not null, next_slot bigint not null,
  primary key (tenant, matter_id)
);
create table matter_key (            -- id key, blind-index key, label key, suppression-list key: wrapped under the epoch key
  tenant uuid not null, matter_id text not null, name text not null, epoch int not null, wrapped bytea not null,
  primary key (tenant, matter_id, name)
);
create table key_erasure (           -- slots erased, with the page version that no longer holds them; the same numbers as the tombstones
  tenant uuid not null, matter_id text not null, slot bigint not null, order_id text not null, epoch int not null, erased_at timestamptz not null,
  primary key (tenant, matter_id, slot)
);
do $$ declare t text; begin
  for t in select tablename from pg_tables where schemaname = current_schema() and tablename not like 'schema_%' loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy one_tenant on %I using (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid) with check (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to handover_app', t);
  end loop;
end $$;
