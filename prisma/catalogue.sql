-- What a migrated database holds that Prisma's diff does not see, one line a fact, in an order that does not depend on the
-- machine. $1: the schemas to describe. Compared with the committed catalogue.txt of the same kind of database, which
-- `npm run ops -- migrate --author` writes from a freshly migrated one.
with
schemas as (
  select oid, nspname as name, nspowner, nspacl from pg_namespace where nspname = any($1::text[])
),
relations as (
  select class.*, schemas.name as schema, schemas.name || '.' || class.relname as label
  from pg_class as class
  join schemas on schemas.oid = class.relnamespace
),
functions as (
  select proc.*, schemas.name || '.' || proc.proname || '(' || pg_get_function_identity_arguments(proc.oid) || ')' as label
  from pg_proc as proc
  join schemas on schemas.oid = proc.pronamespace
),
roles as (
  select * from pg_roles where rolname like 'gi\_%'
),
rights(line) as (
  -- What an owner may do with its own is not told: it follows from the owner.
  select format('right on schema %s: %s to %s', name, privilege_type, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end)
  from schemas cross join aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
  where grantee <> nspowner
  union all
  select format('right on %s: %s to %s%s', label, privilege_type, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end, case when is_grantable then ', may grant it' end)
  from relations cross join aclexplode(relacl)
  where grantee <> relowner
  union all
  select format('right on %s.%s: %s to %s', label, attname, privilege_type, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end)
  from relations join pg_attribute on attrelid = relations.oid cross join aclexplode(attacl)
  union all
  select format('right on %s: %s to %s', label, privilege_type, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end)
  from functions cross join aclexplode(coalesce(proacl, acldefault('f', proowner)))
  where grantee <> proowner
  union all
  select format('right on the database: %s to %s', privilege_type, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end)
  from pg_database cross join aclexplode(coalesce(datacl, acldefault('d', datdba)))
  where datname = current_database() and grantee <> datdba
  union all
  select format('right on new %s of %s%s: %s to %s', defaclobjtype, pg_get_userbyid(defaclrole),
    ' in ' || nullif(defaclnamespace, 0)::regnamespace, privilege_type, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end)
  from pg_default_acl cross join aclexplode(defaclacl)
  where grantee <> defaclrole
),
facts(line) as (
  select format('schema %s owned by %s', name, pg_get_userbyid(nspowner)) from schemas
  union all
  select format('%s %s owned by %s%s%s%s',
    case relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view'
      when 'f' then 'foreign table' when 'S' then 'sequence' end,
    label, pg_get_userbyid(relowner),
    case when relrowsecurity then ', row security' end,
    case when relforcerowsecurity then ' forced' end,
    ' with ' || array_to_string(reloptions, ', '))
  from relations where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select format('view %s: %s', label, pg_get_viewdef(oid)) from relations where relkind in ('v', 'm')
  union all
  select format('policy %s on %s: %s for %s to %s using (%s) with check (%s)', polname, label,
    case when polpermissive then 'permissive' else 'restrictive' end, polcmd,
    (select string_agg(case id when 0 then 'public' else pg_get_userbyid(id) end, ', ') from unnest(polroles) as role(id)),
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  from pg_policy join relations on relations.oid = polrelid
  union all
  select format('trigger on %s (%s): %s', label, tgenabled, pg_get_triggerdef(pg_trigger.oid))
  from pg_trigger join relations on relations.oid = tgrelid where not tgisinternal
  union all
  -- A foreign key is a pair of internal triggers; switched off, it holds nothing.
  select distinct format('foreign key of %s switched off: %s', label, tgenabled)
  from pg_trigger join relations on relations.oid = tgrelid where tgisinternal and tgenabled <> 'O'
  union all
  select format('constraint on %s: %s %s%s', label, conname, pg_get_constraintdef(pg_constraint.oid), case when not convalidated then ' not validated' end)
  from pg_constraint join relations on relations.oid = conrelid where contype in ('c', 'x', 'f')
  union all
  select format('index %s on %s is not valid', indexrelid::regclass, label)
  from pg_index join relations on relations.oid = indrelid where not (indisvalid and indisready)
  union all
  select format('function %s owned by %s: %s', label, pg_get_userbyid(proowner),
    encode(sha256(convert_to(pg_get_functiondef(functions.oid), 'UTF8')), 'hex'))
  from functions where prokind in ('f', 'p')
  union all
  select format('rule on %s: %s', label, pg_get_ruledef(pg_rewrite.oid))
  from pg_rewrite join relations on relations.oid = ev_class where relkind in ('r', 'p')
  union all
  select format('event trigger %s', evtname) from pg_event_trigger
  union all
  select format('extension %s', extname) from pg_extension
  union all
  select format('role %s:%s%s%s%s%s%s%s', rolname,
    case when rolcanlogin then ' login' end, case when rolinherit then ' inherit' end, case when rolsuper then ' superuser' end,
    case when rolbypassrls then ' bypassrls' end, case when rolcreatedb then ' createdb' end,
    case when rolcreaterole then ' createrole' end, case when rolreplication then ' replication' end)
  from roles
  union all
  select format('role %s is a member of %s', pg_get_userbyid(member), pg_get_userbyid(roleid))
  from pg_auth_members join roles on roles.oid = member
  union all
  select format('role %s here sets %s', rolname, setting)
  from pg_db_role_setting join roles on roles.oid = setrole cross join unnest(setconfig) as setting
  where setdatabase in (0, (select oid from pg_database where datname = current_database()))
  union all
  select format('database sets %s', setting)
  from pg_db_role_setting cross join unnest(setconfig) as setting
  where setrole = 0 and setdatabase = (select oid from pg_database where datname = current_database())
)
select line
from (select line from facts union all select line from rights) as catalogue
order by line collate "C";
