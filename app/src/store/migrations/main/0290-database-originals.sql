-- Rows of somebody's live database are deleted some hundred at a time: which records a transaction there is about to change is written down before it commits, so that a killed run knows its own deletions again.
alter table original_work add column underway bytea not null default ''; -- record ids, 16 bytes each
