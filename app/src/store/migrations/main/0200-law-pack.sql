-- The law that a matter uses instead of the shipped one (CONTRACTS §17): each adoption is a row, the newest counts; `sealed` null goes back to the shipped law. The signed pack is sealed under the matter's label key.
create table law_adoption (
  tenant uuid not null, matter_id text not null, id text not null, number bigint not null, version text not null check (version ~ '^[0-9a-f]{64}$'), pack text, signed_by_party text,
  sealed bytea, loosened bigint not null, adopted_by text not null, approval text, at timestamptz not null,
  primary key (tenant, matter_id, id), unique (tenant, matter_id, number), check ((sealed is null) = (pack is null))
);
create trigger law_adoption_append_only before update or delete on law_adoption for each row execute function refuse_change();

-- What somebody has to look at because the law changed, and who did (rule M12); the articles are public words of the law.
create table law_review (
  tenant uuid not null, matter_id text not null, adoption text not null, subject text not null, items bigint not null, reviewed_by text, reviewed_at timestamptz,
  primary key (tenant, matter_id, adoption, subject)
);

do $$
declare t text;
begin
  foreach t in array array['law_adoption', 'law_review'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy one_tenant on %I using (tenant = nullif(current_setting('handover.tenant', true), '')::uuid) with check (tenant = nullif(current_setting('handover.tenant', true), '')::uuid)$p$, t);
    execute format('grant select, insert, update, delete on %I to handover_app', t);
  end loop;
end $$;
