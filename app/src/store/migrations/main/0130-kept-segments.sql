-- A package that was interrupted goes on behind its last whole segment (CONTRACTS §7): what a finished segment was made for, and its leaves under the content root, which must not stand in clear
-- since that root is not salted; sealed under the matter's label key and taken away when the package is issued.
alter table package add column recipient_digest bytea;         -- SHA-256 of the recipient's key to which the segments are encrypted
alter table package_segment add column content_sealed bytea;
alter table package_segment add column field_values bigint;
