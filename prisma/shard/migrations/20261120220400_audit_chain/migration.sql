-- The audit chain: every entry carries the hash of the one before it, made by the database and not by who writes.
-- First migrations of a shard; nothing runs against them yet.
set role gi_owner;

-- The text that an entry's hash covers, and with it the whole canonical form:
--   hash = sha256(prev_hash || utf8(text)); the first entry of a school has 32 zero bytes as prev_hash.
--   text = the nine fields below in this order, each as <octets>:<value>, and an absent one as -
--   (netstrings without the comma, so that no value can pretend to be two).
--   at is UTC with six decimals, e.g. 2026-11-20T22:04:00.123456Z; detail is Postgres's own text of the jsonb value.
create function app.audit_text(entry app.audit_log) returns text
language sql stable
set search_path = ''
as $$
  select string_agg(coalesce(octet_length(value) || ':' || value, '-'), '' order by place)
  from unnest(array[
    entry.tenant_id::text,
    entry.seq::text,
    to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    entry.actor,
    entry.action,
    entry.subject_kind,
    entry.subject_id::text,
    entry.request_id,
    entry.detail::text
  ]) with ordinality as field(value, place)
$$;

-- What `hash` of this entry has to be; a chain is whole when every hash is this and every prev_hash is the hash before.
create function app.audit_hash(entry app.audit_log) returns bytea
language sql stable
set search_path = ''
as $$
  select sha256(entry.prev_hash || convert_to(app.audit_text(entry), 'UTF8'))
$$;

-- Whatever the writer put into seq, at, prev_hash and hash is overwritten. The lock makes writers of one school take turns
-- until they commit: call it last in a transaction.
create function app.audit_chain() returns trigger
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
  last record;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.tenant_id::text, 43));
  select seq, hash into last
  from app.audit_log
  where tenant_id = new.tenant_id
  order by seq desc
  limit 1;
  new.seq := coalesce(last.seq, 0) + 1;
  new.at := clock_timestamp();
  new.prev_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
  new.hash := app.audit_hash(new);
  return new;
end $$;

create trigger chain
  before insert on app.audit_log
  for each row execute function app.audit_chain();

grant execute on function app.audit_text(app.audit_log), app.audit_hash(app.audit_log) to gi_app, gi_mover;

reset role;
