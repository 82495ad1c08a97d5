-- Faults of the delta scan under crashes and company: a comparison that is given up is marked before its keys go; a waived receipt is remembered; a file that a delta registered anew is not compared with an older order's state.
alter table delta_scan drop constraint delta_scan_status_check;
alter table delta_scan add constraint delta_scan_status_check check (status in ('staging', 'compared', 'discarded', 'booked', 'done'));
alter table delta_scan add column without_receipts jsonb;   -- {"reason", "records"}: whose receipts nobody can issue any more, as two people approved (CONTRACTS §9); null = nobody's
alter table original_work add column superseded boolean not null default false;  -- a delta entered a later state of the file
alter table delta_scan add column former_tombstones jsonb not null default '[]';   -- [[first, last], …]: the tombstones of former versions, by their numbers in the list; a replay over an older database keeps these people
