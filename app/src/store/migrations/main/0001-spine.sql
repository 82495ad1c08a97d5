-- The books, the matter and the vault's ciphertext. Every key begins with the tenant; row-level security is forced at the end of this file.
-- No personal value, no sheet, table or column title, no person's name stands here in clear: such words are in `label`, encrypted (CONTRACTS §2).

create table party_home (            -- who this home belongs to; one row
  tenant uuid primary key,
  party_id text not null,
  party_file jsonb not null          -- the signed party file (CONTRACTS §11), public
);

create table matter (
  tenant uuid not null, id text not null, code text not null,
  type text not null, opened_at timestamptz not null, origin text not null,   -- origin: random name of the matter's log
  settings jsonb not null,           -- legal positions (law register §2), waiting days, cut-off
  is_demo boolean not null default false,
  status text not null default 'open' check (status in ('open','closed','abandoned')),
  primary key (tenant, id), unique (tenant, code)
);
create table party (
  tenant uuid not null, matter_id text not null, id text not null, role text not null,
  party_file jsonb not null, digest bytea not null, confirmed_words_at timestamptz,
  primary key (tenant, matter_id, id), unique (tenant, matter_id, role, id)
);
create table person (                -- people who act for the party; names are labels
  tenant uuid not null, id text not null, party_id text not null, role text not null, vkey text not null, custody text not null, -- own-device | this-home
  registered_at timestamptz not null, ended_at timestamptz,
  primary key (tenant, id), unique (tenant, vkey)
);
create table label (                 -- encrypted words: titles, paths, people's names
  tenant uuid not null, owner text not null, kind text not null, sealed bytea not null,
  primary key (tenant, owner, kind)
);

create table source (
  tenant uuid not null, matter_id text not null, id text not null, kind text not null, bytes bigint not null, sha256 bytea not null,
  scanned_at timestamptz not null, not_read jsonb not null default '[]',
  primary key (tenant, matter_id, id)
);
create table data_set (
  tenant uuid not null, matter_id text not null, id text not null, source_id text not null, position int not null,
  rows bigint not null, hidden boolean not null default false, kind text not null,
  treatment jsonb not null default '{}',      -- purposes, basis, source of collection, records class, transfer purpose: facts of the data set (decide)
  primary key (tenant, matter_id, id)
);
create table field (
  tenant uuid not null, matter_id text not null, data_set_id text not null, id text not null, position int not null,
  type text not null, grade text not null, grade_rule text not null, confidence real not null,
  needed_for text[] not null default '{}',    -- purposes that need this field; empty = not yet assigned
  primary key (tenant, matter_id, data_set_id, id), unique (tenant, matter_id, data_set_id, position)
);
create table record (
  tenant uuid not null, matter_id text not null, id bytea not null, data_set_id text not null, ordinal bigint not null,
  inventory_index bigint not null, version int not null default 1, slot bigint,     -- slot of the record secret in the key store; null after erasure
  presence bytea not null,           -- one bit a field, field 0 = lowest bit of byte 0
  dispositions bytea not null,       -- one byte a field: 0 empty 1 transferred 2 kept 3 sealed 4 anonymised 5 destroyed 6 pending 7 in-transit
  root bytea not null,               -- record root of the present version
  inventory_root bytea not null,     -- record root as inventoried (version 1)
  age_group text not null default 'unknown', facets jsonb not null default '{}',    -- clear, low-cardinality: branch, year of the event, …
  erased_at timestamptz,
  primary key (tenant, matter_id, id), unique (tenant, matter_id, inventory_index), unique (tenant, matter_id, data_set_id, ordinal)
);
create table record_cipher (
  tenant uuid not null, matter_id text not null, record_id bytea not null, compartment text not null, version int not null, sealed bytea not null,
  primary key (tenant, matter_id, record_id, compartment)
);
create table record_key (            -- edges (record, key): the truth about who is who (CONTRACTS §14); blind indexes only
  tenant uuid not null, matter_id text not null, record_id bytea not null, key_type text not null, blind bytea not null, proven boolean not null default true,
  primary key (tenant, matter_id, key_type, blind, record_id)
);
create index record_key_by_record on record_key (tenant, matter_id, record_id);
create table subject (
  tenant uuid not null, matter_id text not null, id text not null, records int not null, age_group text not null,
  primary key (tenant, matter_id, id)
);
create table record_subject (
  tenant uuid not null, matter_id text not null, record_id bytea not null, subject_id text not null,
  primary key (tenant, matter_id, record_id)
);
create index record_subject_by_subject on record_subject (tenant, matter_id, subject_id);
create table demoted_key (
  tenant uuid not null, matter_id text not null, key_type text not null, blind bytea not null, degree int not null, why text not null,
  primary key (tenant, matter_id, key_type, blind)
);

create table event (
  tenant uuid not null, matter_id text not null, seq bigint not null, type text not null,
  body text not null,                -- the committed JSON (RFC 8785), no personal value
  salt bytea not null, commitment bytea not null, at timestamptz not null,
  leaf_index bigint, effect text not null,          -- effect: idempotency key of the act that wrote it
  primary key (tenant, matter_id, seq), unique (tenant, matter_id, effect)
);
create index event_waiting on event (tenant, matter_id, seq) where leaf_index is null;
create table posting (
  tenant uuid not null, matter_id text not null, seq bigint not null, data_set_id text not null, field_id text not null,
  from_account text not null, to_account text not null, amount bigint not null check (amount > 0),
  primary key (tenant, matter_id, seq, data_set_id, field_id, from_account, to_account)
);
create table log_head (
  tenant uuid not null, matter_id text not null, size bigint not null, root bytea not null, token bigint not null, -- fencing token of the sequencer
  lease_until timestamptz,
  primary key (tenant, matter_id)
);
create table log_padding (
  tenant uuid not null, matter_id text not null, leaf_index bigint not null, entry bytea not null,
  primary key (tenant, matter_id, leaf_index)
);
create table checkpoint (
  tenant uuid not null, matter_id text not null, size bigint not null, body text not null, signed text not null, cosigned text, published_at timestamptz,
  primary key (tenant, matter_id, size)
);

create table copy (                  -- the copies book (CONTRACTS §4)
  tenant uuid not null, matter_id text not null, id text not null, kind text not null, -- original | vault | backup | package | transferee | custodian | export | …
  holder_party text not null, data_set_id text, source_id text, values_held bigint not null, opened_seq bigint not null,
  ended_how text, ended_seq bigint, ended jsonb,
  primary key (tenant, matter_id, id)
);

create table fact (
  tenant uuid not null, matter_id text not null, id text not null, name text not null, statement jsonb not null, digest bytea not null,
  signed_by text not null, recorded_at timestamptz not null, superseded_by text,
  primary key (tenant, matter_id, id)
);
create table choice (
  tenant uuid not null, matter_id text not null, record_id bytea not null, choice text not null, scope text not null, -- agree-transfer | agree-sensitive | agree-guardian | object | delete | withdraw | correct | ask
  made_at timestamptz not null, channel text not null, batch_id text not null, seq bigint not null, status text not null default 'valid', -- valid | open | decided | refused
  primary key (tenant, matter_id, record_id, choice, batch_id)
);
create table notice_result (
  tenant uuid not null, matter_id text not null, record_id bytea not null, notice text not null, -- art22 | art23 | art30 | art31 | close
  channel text not null, result text not null, -- delivered | bounced | announced
  at timestamptz not null, batch_id text not null, seq bigint not null,
  primary key (tenant, matter_id, record_id, notice, channel, batch_id)
);
create table batch_import (
  tenant uuid not null, matter_id text not null, id text not null, kind text not null, sha256 bytea not null, rows bigint not null, matched bigint not null,
  unmatched bigint not null, imported_at timestamptz not null,
  primary key (tenant, matter_id, id), unique (tenant, matter_id, kind, sha256)
);
create table hold (
  tenant uuid not null, matter_id text not null, record_id bytea not null, reason text not null, until_day date, placed_seq bigint not null, released_seq bigint,
  primary key (tenant, matter_id, record_id, reason, placed_seq)
);

create table plan (
  tenant uuid not null, matter_id text not null, id text not null, computed_at timestamptz not null, snapshot bytea not null, -- digest of the facts it was computed from
  lines jsonb not null, digest bytea not null, approved_seq bigint, superseded boolean not null default false,
  primary key (tenant, matter_id, id)
);
create table plan_verdict (          -- a record's planned outcome by field, as one compact vector + the rule that decided each
  tenant uuid not null, matter_id text not null, plan_id text not null, record_id bytea not null, outcome bytea not null, reason_set int not null, sealed_until date,
  primary key (tenant, matter_id, plan_id, record_id)
);
create table plan_reason (
  tenant uuid not null, matter_id text not null, plan_id text not null, reason_set int not null, reasons jsonb not null,
  primary key (tenant, matter_id, plan_id, reason_set)
);
create table plan_override (
  tenant uuid not null, matter_id text not null, id text not null, scope jsonb not null, outcome text not null, reason_sealed bytea not null, approval_id text not null, at timestamptz not null,
  primary key (tenant, matter_id, id)
);

create table approval_request (
  tenant uuid not null, matter_id text not null, id text not null, act text not null, parameters jsonb not null, digest bytea not null,
  requested_by text not null, requested_at timestamptz not null, cooling_off_until timestamptz, status text not null default 'open', used_seq bigint,
  primary key (tenant, matter_id, id)
);
create table approval (
  tenant uuid not null, matter_id text not null, request_id text not null, person_id text not null, statement jsonb not null, at timestamptz not null, from_other_home boolean not null,
  primary key (tenant, matter_id, request_id, person_id)
);

create table package (
  tenant uuid not null, matter_id text not null, id text not null, sequence int not null, to_party text not null, purpose text not null, -- transfer | custody
  plan_id text not null, status text not null, -- building | issued | accepted | reconciled | refused
  content_root bytea, outer_digest bytea, manifest_digest bytea, records bigint, field_values bigint, issued_seq bigint, acceptance jsonb, reconciliation jsonb,
  primary key (tenant, matter_id, id), unique (tenant, matter_id, sequence)
);
create table package_record (
  tenant uuid not null, matter_id text not null, package_id text not null, record_id bytea not null, sent_root bytea not null, fields bytea not null, -- bitmap of fields sent
  primary key (tenant, matter_id, package_id, record_id)
);
create table package_segment (
  tenant uuid not null, matter_id text not null, package_id text not null, position int not null, first_record bigint not null, records bigint not null,
  sha256 bytea, bytes bigint, committed_at timestamptz,
  primary key (tenant, matter_id, package_id, position)
);
create table received_package (      -- recipient's side
  tenant uuid not null, id text not null, matter_id text not null, outer_digest bytea not null, content_root bytea not null, destination text not null, status text not null,
  acceptance jsonb, received_at timestamptz not null,
  primary key (tenant, id)
);

create table erasure (               -- tombstones: append-only (CONTRACTS §10)
  tenant uuid not null, matter_id text not null, number bigint not null, record_id bytea not null, version int not null, slot bigint not null, order_id text not null,
  intent_seq bigint not null, erased_keys_at timestamptz, deleted_at timestamptz,
  primary key (tenant, matter_id, number), unique (tenant, matter_id, record_id, version)
);
create table destruction_order (
  tenant uuid not null, matter_id text not null, id text not null, scope jsonb not null, record_set bytea not null, approval_request_id text not null,
  status text not null, -- requested | running | pending-final | final
  intent_seq bigint, done_seq bigint, certificate jsonb, final_certificate jsonb,
  primary key (tenant, matter_id, id)
);
create table rewrite_leaf (          -- a record rewritten under a new secret when some of its fields end earlier than others
  tenant uuid not null, matter_id text not null, record_id bytea not null, version int not null, root bytea not null, seq bigint not null,
  primary key (tenant, matter_id, record_id, version)
);
create table step_done (             -- a step of long work that took effect: idempotency row written with the effect
  tenant uuid not null, matter_id text not null, effect text not null, result jsonb not null, at timestamptz not null,
  primary key (tenant, matter_id, effect)
);

-- The log outlives the record: events, postings and tombstones cannot be changed or taken away.
create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'HANDOVER_APPEND_ONLY %', tg_table_name; end $$;
create trigger posting_append_only before update or delete on posting for each row execute function refuse_change();
create trigger event_no_delete before delete on event for each row execute function refuse_change();
create function event_keeps_body() returns trigger language plpgsql as $$ begin
  if new.body is distinct from old.body or new.salt is distinct from old.salt or new.commitment is distinct from old.commitment or new.seq <> old.seq
     or (old.leaf_index is not null and new.leaf_index is distinct from old.leaf_index)
  then raise exception 'HANDOVER_APPEND_ONLY event'; end if; return new; end $$;
create trigger event_append_only before update on event for each row execute function event_keeps_body();
create trigger erasure_no_delete before delete on erasure for each row execute function refuse_change();

do $$ declare t text; begin
  for t in select tablename from pg_tables where schemaname = current_schema() and tablename not like 'schema_%' loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy one_tenant on %I using (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid) with check (tenant = nullif(current_setting(''handover.tenant'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to handover_app', t);
  end loop;
end $$;
