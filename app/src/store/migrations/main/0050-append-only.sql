-- What was booked keeps every column that says something, not its text alone: a row under another type or act, or a tombstone of another key, would be another event.
create or replace function event_keeps_body() returns trigger language plpgsql as $$ begin
  if (new.tenant, new.matter_id, new.seq, new.type, new.body, new.salt, new.commitment, new.at, new.effect)
     is distinct from (old.tenant, old.matter_id, old.seq, old.type, old.body, old.salt, old.commitment, old.at, old.effect)
     or (old.leaf_index is not null and new.leaf_index is distinct from old.leaf_index)
  then raise exception 'HANDOVER_APPEND_ONLY event'; end if; return new; end $$;

-- A tombstone only moves on: announced, its key erased, its ciphertext deleted.
create function erasure_moves_on() returns trigger language plpgsql as $$ begin
  if (new.tenant, new.matter_id, new.number, new.record_id, new.version, new.slot, new.order_id)
     is distinct from (old.tenant, old.matter_id, old.number, old.record_id, old.version, old.slot, old.order_id)
     or (old.intent_seq <> 0 and new.intent_seq <> old.intent_seq)
     or (old.erased_keys_at is not null and new.erased_keys_at is null) or (old.deleted_at is not null and new.deleted_at is null)
  then raise exception 'HANDOVER_APPEND_ONLY erasure'; end if; return new; end $$;
create trigger erasure_append_only before update on erasure for each row execute function erasure_moves_on();
