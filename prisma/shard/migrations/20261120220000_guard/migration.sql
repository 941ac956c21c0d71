-- The guard: which schools live on this shard, and the one way into a school's rows.
-- First migration of a shard; nothing runs against it yet.
set role gi_guard;

-- Only gi_mover writes it. The app cannot even read it: guard.enter answers for it.
create table guard.tenant_home (
  tenant_id uuid primary key,
  epoch int not null check (epoch > 0),
  state text not null check (state in ('active', 'read_only', 'suspended', 'fenced', 'moved', 'importing')),
  stmt_ms int not null default 15000 check (stmt_ms > 0)
);
grant select, insert, update on guard.tenant_home to gi_mover;

-- The school of this transaction, or null. A custom setting is '' after its transaction, not null.
-- No set clause and a body bound when it is made: so it is inlined into the policy and can use an index, and no search_path
-- can bend it.
create function guard.tid() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.tenant_id', true), '')::uuid;

-- Enters a school for the rest of the transaction, or says why not:
--   GI001 the route is stale (unknown school, other epoch, moved away): ask the registry again
--   GI003 this transaction belongs to another school already
--   GI004 the school is suspended        GI005 the school is read-only
create function guard.enter(tenant uuid, epoch int, write boolean) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  home guard.tenant_home;
begin
  if coalesce(current_setting('app.tenant_id', true), '') not in ('', tenant::text) then
    raise exception 'this transaction belongs to another tenant' using errcode = 'GI003';
  end if;
  -- A move takes the same lock alone: it waits for running writes, and new ones then read the new state.
  if write then
    perform pg_advisory_xact_lock_shared(hashtextextended(tenant::text, 42));
  end if;
  select * into home from guard.tenant_home where tenant_home.tenant_id = tenant;
  if not found or home.epoch <> enter.epoch or home.state in ('moved', 'importing') then
    raise exception 'stale shard route' using errcode = 'GI001';
  end if;
  if home.state = 'suspended' then
    raise exception 'tenant suspended' using errcode = 'GI004';
  end if;
  if write and home.state in ('read_only', 'fenced') then
    raise exception 'tenant is read-only' using errcode = 'GI005';
  end if;
  perform
    set_config('app.tenant_id', tenant::text, true),
    set_config('statement_timeout', home.stmt_ms::text, true),
    set_config('transaction_read_only', case when write then 'off' else 'on' end, true);
end $$;

revoke all on function guard.tid(), guard.enter(uuid, int, boolean) from public;
grant execute on function guard.tid() to gi_app, gi_mover, gi_owner;
grant execute on function guard.enter(uuid, int, boolean) to gi_app, gi_mover;
reset role;
