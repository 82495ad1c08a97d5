-- What becomes of the giver's copy of each transferred value (S01–S05), beside its planned outcome; and to whom an approved plan may hand over.
alter table plan_verdict add column residual bytea not null default ''::bytea;  -- one byte a field: 0 none 1 destroy 2 seal 3 keep
alter table plan add column approved_to text[] not null default '{}';
alter table plan add column approval_id text;
alter table plan add column summary jsonb not null default '{}';
