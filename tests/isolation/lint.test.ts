import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findIsolationFaults, type IsolationFault, isolationLintSql } from '@/lib/db/isolation-lint'
import { createWorld, type World } from '../support/world'

/** Each breaks one thing, and must be found by the rule beside it. */
const mutations: ReadonlyArray<readonly [rule: string, sql: string]> = [
  // The wall
  ['no_row_security', 'alter table app.grades disable row level security'],
  ['row_security_not_forced', 'alter table app.students no force row level security'],
  ['no_tenant_id', 'create table app.notes (id uuid primary key)'],
  ['no_tenant_id', 'alter table app.audit_log drop constraint audit_log_pkey, alter column tenant_id drop not null'],
  ['no_wall', 'drop policy p_wall on app.members'],
  ['no_wall', 'alter policy p_wall on app.grades using (tenant_id = guard.tid() or score is null)'],
  ['no_wall', 'alter policy p_wall on app.grades using (tenant_id = (select guard.tid()))'],
  ['no_wall', "alter policy p_wall on app.grades using (tenant_id::text = current_setting('app.tenant_id', true))"],
  ['no_wall', 'alter policy p_wall on app.grades with check (true)'],
  ['no_wall', 'alter policy p_wall on app.grades with check (tenant_id = guard.tid() or score is null)'],
  ['no_wall', 'alter policy p_wall on app.grades to gi_app'],
  [
    'no_wall',
    'drop policy p_wall on app.tags; create policy p_wall on app.tags as permissive for all to public using (tenant_id = guard.tid()) with check (tenant_id = (select guard.tid()))',
  ],
  [
    'no_wall',
    'drop policy p_wall on app.tags; create policy p_wall on app.tags as restrictive for select to public using (tenant_id = guard.tid())',
  ],
  ['unknown_policy', 'create policy p_convenience on app.grades for select to gi_app using (true)'],
  ['unknown_policy', 'alter policy p_app on app.grades to public'],
  ['unknown_policy', 'alter policy p_cascade on app.grades to gi_app'],
  ['tid_changed', 'alter function guard.tid() volatile'],
  ['tid_changed', "alter function guard.tid() set search_path = ''"],
  ['tid_changed', 'create or replace function guard.tid() returns uuid language sql stable parallel safe return null::uuid'],
  ['tid_changed', 'alter function guard.tid() rename to tid_before'],
  ['enter_changed', 'alter function guard.enter(uuid, int, boolean) security invoker'],
  ['enter_changed', 'alter function guard.enter(uuid, int, boolean) stable'],
  ['inherits', 'create table app.more_grades () inherits (app.grades)'],
  [
    'partition_granted',
    `create table app.events (tenant_id uuid not null, at timestamptz not null, primary key (tenant_id, at)) partition by range (at);
     create table app.events_2026 partition of app.events for values from ('2026-01-01') to ('2027-01-01');
     grant select on app.events_2026 to gi_app`,
  ],
  ['no_row_security', 'create table app.events (tenant_id uuid primary key, at timestamptz not null)'],
  ['view_not_invoker', 'create view app.all_grades as select * from app.grades'],
  ['unwalled_relation', 'create materialized view app.totals as select * from app.grades'],
  ['table_not_durable', 'alter table app.idempotency set unlogged'],
  ['rewrite_rule', 'create rule quiet as on delete to app.grades do instead nothing'],

  // Keys
  ['no_primary_key', 'alter table app.imports drop constraint imports_pkey cascade'],
  ['index_without_tenant_first', 'create unique index on app.members (email)'],
  ['index_without_tenant_first', 'create index on app.grades (assignment_id)'],
  ['replica_identity', 'alter table app.grades replica identity full'],
  [
    'foreign_key_leaves_tenant',
    'alter table app.students add unique (tenant_id, last_name), add constraint bad foreign key (import_id, id) references app.students (tenant_id, id)',
  ],
  [
    'foreign_key_changes_key',
    'alter table app.imports add foreign key (tenant_id, class_id) references app.classes (tenant_id, id) on update cascade',
  ],
  [
    'foreign_key_changes_key',
    'alter table app.imports add foreign key (tenant_id, class_id) references app.classes (tenant_id, id) on delete set null',
  ],
  ['foreign_key_off', 'alter table app.enrolments disable trigger all'],
  [
    'foreign_key_off',
    'alter table app.imports add foreign key (tenant_id, class_id) references app.classes (tenant_id, id) not valid',
  ],
  ['sequence', 'create sequence app.numbers'],
  ['column_default', 'alter table app.students alter column tenant_id set default guard.tid()'],
  ['column_default', "alter table app.students alter column last_name set default current_setting('app.last', true)"],

  // Triggers
  ['trigger_missing', 'drop trigger have_parents on app.grades'],
  ['trigger_missing', 'alter table app.audit_log disable trigger chain'],
  ['trigger_missing', 'alter table app.enrolments enable replica trigger delete_grades'],
  [
    'trigger_missing',
    'drop trigger keys_are_fixed on app.grades; create trigger keys_are_fixed after update on app.grades for each row execute function app.keys_are_fixed()',
  ],
  ['unknown_trigger', 'create trigger copies after insert on app.grades for each row execute function app.keys_are_fixed()'],
  [
    'event_trigger',
    'create function app.on_ddl() returns event_trigger language plpgsql as $$ begin end $$; create event trigger watch on ddl_command_end execute function app.on_ddl()',
  ],

  // Rights
  ['right_to_public', 'grant select on app.schools to public'],
  ['right_to_public', 'grant execute on function app.audit_chain() to public'],
  ['right_to_public', 'grant usage on schema guard to public'],
  ['right_to_public', 'grant temporary on database {database} to public'],
  ['right_may_be_passed_on', 'grant select on app.schools to gi_app with grant option'],
  ['right_of_a_stranger', 'grant select on app.grades to gi_console'],
  ['right_beyond_rows', 'grant truncate on app.grades to gi_app'],
  ['right_beyond_rows', 'grant references on app.grades to gi_app'],
  ['right_beyond_rows', 'grant trigger on app.grades to gi_mover'],
  ['right_beyond_rows', 'grant maintain on app.grades to gi_app'],
  ['column_right', 'grant select (name) on app.schools to gi_app'],
  ['append_only_writable', 'grant update on app.audit_log to gi_app'],
  ['append_only_writable', 'grant update (detail) on app.audit_log to gi_app'],
  ['append_only_writable', 'grant update on app.grade_changes to gi_app'],
  ['kept_deletable', 'grant delete on app.audit_log to gi_app'],
  ['kept_deletable', 'grant delete on app.imports to gi_app'],
  ['kept_deletable', 'grant delete on app.roster_imports to gi_app'],
  ['kept_deletable', 'drop policy p_undo on app.members'],
  ['kept_deletable', 'alter policy p_undo on app.classes using (true)'],
  ['kept_deletable', 'alter policy p_undo on app.guardians to gi_console'],
  ['unknown_policy', 'create policy p_undo on app.tags as permissive for delete to gi_app using (true)'],
  ['guard_reachable', 'grant select on guard.tenant_home to gi_app'],
  ['guard_reachable', 'grant delete on guard.tenant_home to gi_mover'],
  ['function_callable', 'grant execute on procedure app.wall(regclass, text) to gi_app'],
  ['schema_open_to_create', 'grant create on schema app to gi_app'],
  ['database_open', 'grant temporary on database {database} to gi_app'],
  ['database_open', 'grant create on database {database} to gi_mover'],
  ['default_right', 'alter default privileges for role gi_owner in schema app grant select on tables to gi_app'],
  ['functions_public_by_default', 'alter default privileges for role gi_owner grant execute on functions to public'],

  // Functions
  [
    'unknown_definer',
    "create function app.peek() returns bigint language sql security definer set search_path = '' as 'select count(*) from app.grades'",
  ],
  ['unknown_definer', 'alter function app.grades_have_parents() security definer'],
  ['function_without_search_path', 'alter function guard.enter(uuid, int, boolean) reset search_path'],
  ['leakproof_function', 'alter function app.audit_hash(app.audit_log) leakproof'],

  // Owners, places, roles
  ['owner_changed', 'alter table app.grades owner to gi_migrator'],
  ['owner_changed', 'alter function guard.enter(uuid, int, boolean) owner to gi_owner'],
  ['owner_changed', 'alter schema guard owner to gi_owner'],
  ['unknown_schema', 'create schema staging'],
  ['object_in_public', 'create table public.notes (id int)'],
  ['unknown_extension', 'create extension pg_trgm schema app'],
  ['foreign_server', 'create foreign data wrapper plain; create server elsewhere foreign data wrapper plain'],
  ['role_attribute', 'alter role gi_app bypassrls'],
  ['role_attribute', 'alter role gi_control superuser'],
  ['role_attribute', 'alter role gi_owner login'],
  ['role_attribute', 'alter role gi_migrator createrole'],
  ['role_attribute', 'alter role gi_mover replication'],
  ['login_that_bypasses', 'create role night_shift login bypassrls'],
  ['role_has_group', 'grant pg_read_all_data to gi_app'],
  ['role_has_group', 'grant gi_owner to gi_app'],
  ['role_has_members', 'create role helper; grant gi_mover to helper'],
  ['setting_missing', 'alter role gi_app set row_security = off'],
  ['setting_missing', 'alter role gi_app reset statement_timeout'],
  ['setting_missing', 'alter role gi_app set log_parameter_max_length_on_error = -1'],
  ['unknown_setting', "alter role gi_app set app.tenant_id = '00000000-0000-7000-8000-000000000001'"],
  ['setting_overridden', 'alter role gi_app in database {database} set row_security = off'],
  ['setting_overridden', "alter database {database} set app.tenant_id = '00000000-0000-7000-8000-000000000001'"],
]

let world: World
let lint: string

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  lint = await isolationLintSql()
})
afterAll(() => world.close())

describe('the isolation lint', () => {
  it('finds nothing on a migrated shard, whoever asks', async () => {
    const { ownerUrl, url, moverUrl, adminUrl } = world.shard('shard_1')
    for (const each of [ownerUrl, url, moverUrl, adminUrl]) expect(await findIsolationFaults(each)).toEqual([])
  })

  it.each(mutations)('%s is found after: %s', async (rule, sql) => {
    expect(await faultsAfter(sql)).toContain(rule)
  })

  it('has no rule that nothing can break', () => {
    const rules = new Set([...lint.matchAll(/^ {2}select '([a-z_]+)'/gm)].map(([, rule]) => rule))
    expect(rules.size).toBeGreaterThan(40)
    expect([...rules].sort()).toEqual([...new Set(mutations.map(([rule]) => rule))].sort())
  })
})

/** Breaks the shard inside a transaction that is never committed, because roles belong to the whole cluster. */
async function faultsAfter(sql: string): Promise<string[]> {
  const { adminUrl } = world.shard('shard_1')
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query("begin; set local search_path = ''")
    const database = pg.escapeIdentifier(new URL(adminUrl).pathname.slice(1))
    await client.query(sql.replaceAll('{database}', database))
    const { rows } = await client.query<IsolationFault>(lint)
    return rows.map(({ rule }) => rule)
  } finally {
    await client.end()
  }
}
