-- A filed privacy notice is never changed: only that a later record took its place may be noted, once (rule E15; PRODUCT §3).
create function privacy_notice_keeps() returns trigger language plpgsql as $$ begin
  if to_jsonb(new) - 'superseded_by' is distinct from to_jsonb(old) - 'superseded_by' or (old.superseded_by is not null and new.superseded_by is distinct from old.superseded_by)
  then raise exception 'HANDOVER_APPEND_ONLY privacy_notice'; end if; return new; end $$;
create trigger privacy_notice_append_only before update on privacy_notice for each row execute function privacy_notice_keeps();
create trigger privacy_notice_no_delete before delete on privacy_notice for each row execute function refuse_change();
