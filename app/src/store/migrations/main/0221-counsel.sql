-- Counsel's opinions and letters to and from authorities: the signed statement in clear (ids, articles, days, listed words, digests), the document and all free words sealed.
create table counsel_document (
  tenant uuid not null, matter_id text not null, id text not null, kind text not null check (kind in ('opinion', 'letter')), statement jsonb not null, digest bytea not null,
  document_sealed bytea not null, words_sealed bytea not null, signed_by text not null, at timestamptz not null,
  primary key (tenant, matter_id, id)
);
create trigger counsel_document_append_only before update or delete on counsel_document for each row execute function refuse_change();

do $$ begin
  alter table counsel_document enable row level security;
  alter table counsel_document force row level security;
  create policy one_tenant on counsel_document using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid);
  grant select, insert, update, delete on counsel_document to handover_app;
end $$;
