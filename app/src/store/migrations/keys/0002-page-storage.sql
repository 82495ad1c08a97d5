-- Wrapped pages and directories are random bytes: compressing them costs time and saves nothing.
alter table key_page alter column wrapped set storage external;
alter table key_dir alter column wrapped set storage external;
