-- Destruction (CONTRACTS §§5, 9): what an order destroys, record by record, so that it can be taken up after a crash; and what became of a file.
alter table destruction_order add column facts jsonb not null default '{}';  -- counts, copies, times and ids of people: what the certificates say
alter table record add column held bytea;   -- fields whose values the vault still holds, one bit a field like presence; null = all that are present
alter table record add column in_original bytea; -- the same for the original it came from; all zero = its row is gone
create table destruction_record (
  tenant uuid not null, matter_id text not null, order_id text not null, record_id bytea not null, inventory_index bigint not null, version int not null, slot bigint not null,
  keep bytea not null,                -- fields that stay in the vault; all zero = the whole record goes
  ended bytea not null,               -- fields that are posted pending→destroyed
  new_slot bigint, new_root bytea,    -- a record that stays in part, sealed anew under a secret of its own
  done_at timestamptz,
  primary key (tenant, matter_id, order_id, record_id)
);
create index destruction_record_waiting on destruction_record (tenant, matter_id, order_id, inventory_index) where done_at is null;
create table rewrite_cipher (         -- ciphertext of the parts that stay, until the record changes over to it
  tenant uuid not null, matter_id text not null, order_id text not null, record_id bytea not null, compartment text not null, sealed bytea not null,
  primary key (tenant, matter_id, order_id, record_id, compartment)
);
create table original_work (          -- one file of an order: its state before and after, so that a run can tell where it was interrupted
  tenant uuid not null, matter_id text not null, order_id text not null, source_id text not null,
  state_before bytea not null,        -- digest of the file's bytes; of a database's content, under a key of the matter
  state_after bytea, whole_file boolean not null, counts jsonb not null, done_at timestamptz,
  primary key (tenant, matter_id, order_id, source_id)
);
create table copy_statement (         -- what somebody signed about the end of a copy that no program of ours can reach
  tenant uuid not null, matter_id text not null, copy_id text not null, digest bytea not null, envelope jsonb not null, signed_by text not null, at timestamptz not null,
  primary key (tenant, matter_id, copy_id)
);
alter table rewrite_cipher alter column sealed set storage external;
do $$ declare t text; begin
  foreach t in array array['destruction_record', 'rewrite_cipher', 'original_work', 'copy_statement'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy one_tenant on %I using (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid) with check (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to handover_app', t);
  end loop;
end $$;
