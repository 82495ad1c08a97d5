-- A legal clock may stand still (a declared one does), so the order in which backups were made needs a number of its own.
alter table backup add column position bigint generated always as identity;
