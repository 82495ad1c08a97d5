-- After a bulk write the planner knows nothing of the new rows until autovacuum comes by (a minute or more); joins of 4,000 records took minutes as nested loops.
-- Only an owner may ANALYZE, so the app asks through this function; it reads no row out.
create function refresh_statistics() returns void language plpgsql security definer set search_path from current as $$ begin
  analyze record; analyze record_cipher; analyze record_key; analyze record_subject; analyze subject; analyze demoted_key; analyze choice; analyze notice_result; analyze hold;
end $$;
revoke all on function refresh_statistics() from public;
grant execute on function refresh_statistics() to handover_app;
