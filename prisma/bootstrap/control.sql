-- The control database, before its first migration. Run in that database by a superuser; repeating it changes nothing.
-- Also run on a database made from a template: neither its rights nor its settings are copied with it.
do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to gi_control, gi_worker, gi_migrator', current_database());
end $$;
revoke all on schema public from public;

alter default privileges for role gi_owner revoke execute on functions from public;
alter default privileges for role gi_migrator revoke execute on functions from public;

create schema if not exists control authorization gi_owner;
create schema if not exists migration authorization gi_migrator;
-- The work queue is a library's (graphile-worker): its tables have a schema of their own.
create schema if not exists queue authorization gi_owner;
grant usage on schema control to gi_control, gi_worker;
