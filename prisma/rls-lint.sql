-- One row for every hole in a shard's isolation; 0 rows wanted. Runs as any role that may connect.
-- `npm run ops -- isolation check` runs it on every shard. tests/isolation/lint.test.ts breaks one thing after another and
-- proves that every rule here can fail. A deliberate change of the schema changes the lists at the top.
with
-- What the product never deletes, and what is only ever added to.
kept(name) as (
  values ('schools'), ('members'), ('guardians'), ('terms'), ('classes'), ('imports'), ('api_tokens'), ('audit_log'), ('grade_changes'),
    ('import_undos'), ('import_jobs'), ('roster_imports')
),
-- Of these the app deletes only what a roster made, which p_undo holds it to.
undoable(name) as (
  values ('classes'), ('members'), ('guardians')
),
append_only(name) as (
  values ('audit_log'), ('grade_changes'), ('import_undos')
),
expected_trigger(table_name, name, type, function) as (
  values
    ('assignments', 'delete_grades', 8, 'app.delete_grades_of_assignments()'),
    ('assignments', 'keys_are_fixed', 19, 'app.keys_are_fixed()'),
    ('audit_log', 'chain', 7, 'app.audit_chain()'),
    ('enrolments', 'delete_grades', 8, 'app.delete_grades_of_enrolments()'),
    ('enrolments', 'keys_are_fixed', 19, 'app.keys_are_fixed()'),
    ('grades', 'have_parents', 4, 'app.grades_have_parents()'),
    ('grades', 'keys_are_fixed', 19, 'app.keys_are_fixed()')
),
callable(signature) as (
  values
    ('app.audit_hash(app.audit_log)'), ('app.audit_text(app.audit_log)'), ('app.refuse_old_snapshot()'),
    ('guard.enter(uuid,integer,boolean)'), ('guard.tid()')
),
expected_setting(setting) as (
  values
    ('search_path=app'), ('row_security=on'), ('statement_timeout=15s'), ('lock_timeout=3s'),
    ('idle_in_transaction_session_timeout=10s'), ('log_parameter_max_length_on_error=0'), ('log_parameter_max_length=0')
),
expected_role(name, can_login, can_bypass) as (
  values
    ('gi_owner', false, false), ('gi_guard', false, false), ('gi_console', false, false), ('gi_migrator', true, false),
    ('gi_app', true, false), ('gi_control', true, false), ('gi_mover', true, true)
),

-- What there is.
here as (
  select oid, datdba, datacl from pg_database where datname = current_database()
),
relation as (
  select class.*, nspname || '.' || relname as label, nspname
  from pg_class as class
  join pg_namespace on pg_namespace.oid = relnamespace
  where nspname in ('app', 'guard') and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
),
tenant_table as (
  select relation.*, attnum as tenant_column
  from relation
  left join pg_attribute on attrelid = relation.oid and attname = 'tenant_id' and attnotnull and atttypid = 'uuid'::regtype
  where nspname = 'app' and relkind in ('r', 'p')
),
policy as (
  select label, polname, polpermissive, polcmd, polroles, polrelid,
    pg_get_expr(polqual, polrelid) as reads, pg_get_expr(polwithcheck, polrelid) as writes
  from pg_policy
  join tenant_table on tenant_table.oid = polrelid
),
wall as (
  select * from policy
  where not polpermissive and polcmd = '*' and polroles = '{0}'
    and reads = '(tenant_id = guard.tid())' and writes = '(tenant_id = ( SELECT guard.tid() AS tid))'
),
foreign_key as (
  select constraints.*, label,
    exists (
      select from unnest(conkey, confkey) as pair(here, there)
      join pg_attribute as mine on mine.attrelid = conrelid and mine.attnum = here and mine.attname = 'tenant_id'
      join pg_attribute as theirs on theirs.attrelid = confrelid and theirs.attnum = there and theirs.attname = 'tenant_id'
    ) as keeps_tenant
  from pg_constraint as constraints
  join tenant_table on tenant_table.oid = conrelid
  where contype = 'f'
),
own_function as (
  select proc.*, proc.oid::regprocedure::text as signature, nspname
  from pg_proc as proc
  join pg_namespace on pg_namespace.oid = pronamespace
  where nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg\_temp%' and nspname not like 'pg\_toast%'
),
-- Every right that is not its owner's own. Column rights stand apart: nobody has any.
granted as (
  select label as object, 'relation' as kind, nspname, relowner as owner, grantee, privilege_type, is_grantable
  from relation cross join aclexplode(relacl)
  union all
  select signature, 'function', nspname, proowner, grantee, privilege_type, is_grantable
  from own_function cross join aclexplode(coalesce(proacl, acldefault('f', proowner)))
  union all
  select nspname, 'schema', nspname, nspowner, grantee, privilege_type, is_grantable
  from pg_namespace cross join aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
  where nspname not in ('pg_catalog', 'information_schema')
  union all
  select 'the database', 'database', null, datdba, grantee, privilege_type, is_grantable
  from here cross join aclexplode(coalesce(datacl, acldefault('d', datdba)))
),
app_setting as (
  select setting from pg_db_role_setting cross join unnest(setconfig) as setting
  where setrole = 'gi_app'::regrole and setdatabase = 0
),
own_trigger as (
  select label, relname, tgname, tgtype, tgenabled, tgfoid::regprocedure::text as function
  from pg_trigger
  join relation on relation.oid = tgrelid
  where not tgisinternal
),

fault(rule, object) as (
  -- The wall
  select 'no_row_security', label from tenant_table where not relrowsecurity
  union all
  select 'row_security_not_forced', label from tenant_table where not relforcerowsecurity
  union all
  select 'no_tenant_id', label from tenant_table where tenant_column is null
  union all
  select 'no_wall', label from tenant_table where not exists (select from wall where polrelid = tenant_table.oid)
  union all
  select 'unknown_policy', label || ' ' || polname from policy
  where not exists (select from wall where wall.polrelid = policy.polrelid and wall.polname = policy.polname)
    and not (polname = 'p_app' and polpermissive and polcmd = '*' and polroles = array['gi_app'::regrole::oid] and reads = 'true' and writes = 'true')
    -- Lets the owner's triggers delete a parent's grades; the wall still keeps it to one school.
    and not (label = 'app.grades' and polname = 'p_cascade' and polpermissive and polroles = array['gi_owner'::regrole::oid]
      and reads = 'true' and writes = 'false')
    and not (polname = 'p_undo' and not polpermissive)
  union all
  select 'tid_changed', 'guard.tid()'
  where not exists (
    select from own_function
    where signature = 'guard.tid()' and provolatile = 's' and proparallel = 's' and not prosecdef and proconfig is null
      and pg_get_function_sqlbody(oid) = 'RETURN (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid'
  )
  union all
  select 'enter_changed', 'guard.enter'
  where not exists (
    select from own_function
    where signature = 'guard.enter(uuid,integer,boolean)' and prosecdef and provolatile = 'v' and proconfig = array['search_path=""']
  )
  union all
  select 'inherits', inhrelid::regclass::text from pg_inherits join tenant_table on oid = inhparent where relkind = 'r'
  union all
  select 'partition_granted', label from tenant_table where relispartition and has_any_column_privilege('gi_app', oid, 'select, insert, update')
  union all
  select 'view_not_invoker', label from relation
  where relkind = 'v' and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on'], false)
  union all
  select 'unwalled_relation', label from relation where relkind in ('m', 'f')
  union all
  select 'table_not_durable', label from relation where relkind in ('r', 'p') and relpersistence <> 'p'
  union all
  select 'rewrite_rule', label from pg_rewrite join tenant_table on tenant_table.oid = ev_class

  -- Keys
  union all
  select 'no_primary_key', label from tenant_table
  where not exists (select from pg_index where indrelid = tenant_table.oid and indisprimary)
  union all
  select 'index_without_tenant_first', indexrelid::regclass::text from pg_index join tenant_table on tenant_table.oid = indrelid
  where indkey[0] is distinct from tenant_column
  union all
  select 'replica_identity', label from tenant_table where relreplident <> 'd'
  union all
  select 'foreign_key_leaves_tenant', label || ' ' || conname from foreign_key where not keeps_tenant
  union all
  select 'foreign_key_changes_key', label || ' ' || conname from foreign_key where confdeltype in ('n', 'd') or confupdtype in ('c', 'n', 'd')
  union all
  select 'foreign_key_off', label || ' ' || conname from foreign_key
  where not (convalidated and conenforced)
    or exists (select from pg_trigger where tgconstraint = foreign_key.oid and tgenabled not in ('O', 'A'))
  union all
  select 'sequence', label from relation where relkind = 'S'
  union all
  select 'column_default', label || '.' || attname
  from pg_attrdef join tenant_table on tenant_table.oid = adrelid join pg_attribute on attrelid = adrelid and attnum = adnum
  where pg_get_expr(adbin, adrelid) !~ '^(now\(\)|true|false|\d+|''[^'']*''::text)$'

  -- Triggers
  union all
  select 'trigger_missing', table_name || ' ' || name from expected_trigger
  where not exists (
    select from own_trigger
    where relname = table_name and tgname = name and tgtype = type and own_trigger.function = expected_trigger.function and tgenabled in ('O', 'A')
  )
  union all
  select 'unknown_trigger', label || ' ' || tgname from own_trigger
  where not exists (select from expected_trigger where table_name = relname and name = tgname)
  union all
  select 'event_trigger', evtname from pg_event_trigger

  -- Rights
  union all
  select 'right_to_public', object || ' ' || privilege_type from granted
  where grantee = 0 and (kind = 'database' or nspname in ('app', 'guard', 'migration', 'public'))
  union all
  select 'right_may_be_passed_on', object || ' ' || privilege_type from granted where is_grantable and grantee <> owner
  union all
  select 'right_of_a_stranger', object || ' ' || privilege_type || ' to ' || pg_get_userbyid(grantee) from granted
  where nspname in ('app', 'guard') and grantee not in (0, owner, 'gi_app'::regrole, 'gi_mover'::regrole)
    and not (grantee = 'gi_owner'::regrole and object in ('guard', 'guard.tid()'))
  union all
  select 'right_beyond_rows', object || ' ' || privilege_type from granted
  where kind = 'relation' and grantee <> owner and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  union all
  select 'column_right', label || '.' || attname from relation join pg_attribute on attrelid = relation.oid where attacl is not null
  union all
  select 'append_only_writable', label from tenant_table join append_only on name = relname
  where has_any_column_privilege('gi_app', oid, 'update')
  union all
  select 'kept_deletable', label from tenant_table join kept on name = relname
  where has_table_privilege('gi_app', oid, 'delete')
    and not (
      name in (select undoable.name from undoable)
      and exists (
        select from policy
        where polrelid = oid and polname = 'p_undo' and not polpermissive and polcmd = 'd' and polroles = array['gi_app'::regrole::oid]
          and reads = '(roster_import_id IS NOT NULL)'))
  union all
  select 'guard_reachable', object from granted
  where kind = 'relation' and nspname = 'guard' and grantee <> owner and (grantee <> 'gi_mover'::regrole or privilege_type = 'DELETE')
  union all
  select 'function_callable', signature from own_function
  where has_function_privilege('gi_app', oid, 'execute') and signature not in (select callable.signature from callable)
  union all
  select 'schema_open_to_create', nspname || ' to ' || rolname
  from pg_namespace cross join pg_roles
  where rolname in ('gi_app', 'gi_mover', 'gi_control', 'gi_console') and has_schema_privilege(rolname, pg_namespace.oid, 'create')
  union all
  select 'database_open', rolname
  from pg_roles cross join here
  where rolname in ('gi_app', 'gi_mover', 'gi_control', 'gi_console') and has_database_privilege(rolname, here.oid, 'temp, create')
  union all
  select 'default_right', pg_get_userbyid(defaclrole) || ' ' || defaclobjtype::text
  from pg_default_acl cross join aclexplode(defaclacl)
  where grantee <> defaclrole
  union all
  select 'functions_public_by_default', rolname
  from pg_roles
  where rolname in ('gi_owner', 'gi_guard', 'gi_migrator')
    and not exists (select from pg_default_acl where defaclrole = pg_roles.oid and defaclobjtype = 'f' and defaclnamespace = 0)

  -- Functions
  union all
  select 'unknown_definer', signature from own_function where prosecdef and signature <> 'guard.enter(uuid,integer,boolean)'
  union all
  select 'function_without_search_path', signature from own_function
  where nspname in ('app', 'guard') and prosqlbody is null and not coalesce('search_path=""' = any(proconfig), false)
  union all
  select 'leakproof_function', signature from own_function where proleakproof

  -- Owners, places, roles
  union all
  select 'owner_changed', label from relation
  where relowner <> case nspname when 'app' then 'gi_owner'::regrole else 'gi_guard'::regrole end
  union all
  select 'owner_changed', signature from own_function
  where nspname in ('app', 'guard') and proowner <> case nspname when 'app' then 'gi_owner'::regrole else 'gi_guard'::regrole end
  union all
  select 'owner_changed', nspname from pg_namespace
  where (nspname = 'app' and nspowner <> 'gi_owner'::regrole)
    or (nspname = 'guard' and nspowner <> 'gi_guard'::regrole)
  union all
  select 'unknown_schema', nspname from pg_namespace
  where nspname not in ('app', 'guard', 'migration', 'public', 'information_schema') and nspname not like 'pg\_%'
  union all
  select 'object_in_public', relname from pg_class where relnamespace = 'public'::regnamespace
  union all
  select 'unknown_extension', extname from pg_extension where extname <> 'plpgsql'
  union all
  select 'foreign_server', srvname from pg_foreign_server
  union all
  select 'role_attribute', name
  from expected_role
  left join pg_roles on rolname = name
  where rolcanlogin is distinct from can_login or rolbypassrls is distinct from can_bypass
    or rolsuper or rolcreatedb or rolcreaterole or rolreplication
  union all
  select 'login_that_bypasses', rolname from pg_roles
  where rolcanlogin and (rolsuper or rolbypassrls) and oid <> 10 and rolname not in (select name from expected_role)
  union all
  select 'role_has_group', pg_get_userbyid(member) || ' in ' || pg_get_userbyid(roleid) from pg_auth_members
  where pg_get_userbyid(member) in ('gi_app', 'gi_control', 'gi_mover', 'gi_console', 'gi_owner', 'gi_guard')
  union all
  select 'role_has_members', pg_get_userbyid(member) || ' in ' || pg_get_userbyid(roleid) from pg_auth_members
  where pg_get_userbyid(roleid) in (select name from expected_role) and pg_get_userbyid(member) <> 'gi_migrator' and member <> 10
  union all
  select 'setting_missing', setting from expected_setting where setting not in (select setting from app_setting)
  union all
  select 'unknown_setting', setting from app_setting where setting not in (select setting from expected_setting)
  union all
  select 'setting_overridden', pg_get_userbyid(setrole) || ' ' || setting
  from pg_db_role_setting cross join unnest(setconfig) as setting
  where setdatabase = (select oid from here)
)
select rule, object from fault order by rule, object;
