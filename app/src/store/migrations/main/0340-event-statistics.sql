-- Without statistics an act is looked up among all events of its matter.
create or replace function refresh_statistics() returns void language plpgsql security definer set search_path from current as $$ begin
  analyze record; analyze record_cipher; analyze record_key; analyze record_subject; analyze subject; analyze demoted_key; analyze choice; analyze notice_result; analyze hold;
  analyze plan_verdict; analyze package_record; analyze erasure; analyze destruction_record; analyze sealed_receipt; analyze event;
end $$;
