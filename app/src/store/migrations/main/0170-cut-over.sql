-- Cut-over (CONTRACTS §§2, 7): freeze, delta scan, revised records. Nothing here holds a value in clear: keys and cells stand as hashes under a key of the one scan, and go when it is booked.
alter table record add column source_row bigint;    -- where the row stands in the source since the last delta scan; null = its ordinal, -1 = it is gone from the source

alter table record add column inventory_presence bytea;  -- fields present when it was inventoried, where a revision has changed them; null = presence

create table source_freeze (                 -- from when on the sources must not change; the newest counts
  tenant uuid not null, matter_id text not null, id text not null, seq bigint not null, at timestamptz not null, signed_by text not null, digest bytea not null, statement jsonb not null,
  primary key (tenant, matter_id, id)
);
create table freeze_source (
  tenant uuid not null, matter_id text not null, freeze_id text not null, source_id text not null, sha256 bytea not null, bytes bigint not null,
  primary key (tenant, matter_id, freeze_id, source_id)
);

create table delta_scan (             -- one comparison of a source with what is in the books
  tenant uuid not null, matter_id text not null, id text not null, source_id text not null, sha256 bytea not null, bytes bigint not null, found_by text not null,
  status text not null check (status in ('staging', 'compared', 'booked', 'done')), report jsonb not null default '{}', started_at timestamptz not null,
  primary key (tenant, matter_id, id)
);
create table delta_base (             -- records in the books, by hashed key and hashed cells
  tenant uuid not null, matter_id text not null, scan_id text not null, data_set_id text not null, record_id bytea not null, ordinal bigint not null, row_before bigint not null, version int not null,
  vector bytea not null, key_hash bytea not null, cell_hashes bytea not null,
  primary key (tenant, matter_id, scan_id, record_id)
);
create table delta_row (              -- rows of the source as it is now, the same way
  tenant uuid not null, matter_id text not null, scan_id text not null, data_set_id text not null, source_row bigint not null, key_hash bytea not null, cell_hashes bytea not null,
  primary key (tenant, matter_id, scan_id, data_set_id, source_row)
);
create table delta_change (           -- what became of each record; sealed parts wait here until the scan is booked
  tenant uuid not null, matter_id text not null, scan_id text not null, data_set_id text not null, record_id bytea not null, kind text not null check (kind in ('moved', 'changed', 'new', 'gone')),
  source_row bigint, ordinal bigint not null, old_version int not null, fields bytea, new_slot bigint, new_root bytea, presence bytea, age_group text, sealed_at timestamptz,
  primary key (tenant, matter_id, scan_id, record_id)
);
create index delta_change_rows on delta_change (tenant, matter_id, scan_id, data_set_id, kind, source_row);
create table delta_cipher (
  tenant uuid not null, matter_id text not null, scan_id text not null, record_id bytea not null, compartment text not null, version int not null, sealed bytea not null,
  primary key (tenant, matter_id, scan_id, record_id, compartment)
);
alter table delta_cipher alter column sealed set storage external;
create table delta_key (
  tenant uuid not null, matter_id text not null, scan_id text not null, record_id bytea not null, key_type text not null, blind bytea not null, proven boolean not null,
  primary key (tenant, matter_id, scan_id, key_type, blind, record_id)
);
create table revision_leaf (          -- a record's later version with the fields it has since then, as the bundle shows it
  tenant uuid not null, matter_id text not null, record_id bytea not null, version int not null, inventory_index bigint not null, presence bytea not null, root bytea not null, scan_id text not null, seq bigint not null,
  primary key (tenant, matter_id, record_id, version)
);
create trigger revision_leaf_append_only before update or delete on revision_leaf for each row execute function refuse_change();

create table package_change (         -- what a delta package takes back from earlier packages of its chain: rows it replaces, rows the recipient must delete
  tenant uuid not null, matter_id text not null, package_id text not null, record_id bytea not null, kind text not null check (kind in ('replaced', 'withdrawn')),
  primary key (tenant, matter_id, package_id, record_id)
);

do $$ declare t text; begin
  foreach t in array array['source_freeze', 'freeze_source', 'delta_scan', 'delta_base', 'delta_row', 'delta_change', 'delta_cipher', 'delta_key', 'revision_leaf', 'package_change'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy one_tenant on %I using (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid) with check (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to handover_app', t);
  end loop;
end $$;
