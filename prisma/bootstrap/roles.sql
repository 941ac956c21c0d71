-- The cluster's roles. Run by a superuser through lib/db/bootstrap.ts, which holds one lock for the whole cluster, so that
-- several databases may be set up at once. Repeating it changes nothing. Passwords are set by the caller, never here.
do $$
declare
  wanted record;
begin
  for wanted in
    select *
    from (values
      ('gi_owner',    'nologin'),            -- owns the tables of app and control
      ('gi_guard',    'nologin'),            -- owns guard.*: what a school may not touch
      ('gi_console',  'nologin'),            -- reserved for the console's rollups
      ('gi_migrator', 'login'),              -- migrations only; never in a web pod
      ('gi_app',      'login'),              -- shards, web pods
      ('gi_control',  'login'),              -- control database, web pods
      ('gi_worker',   'login'),              -- control database, workers: takes work from the queue
      ('gi_mover',    'login bypassrls')     -- provisioning and moves; never in a web pod
    ) as role(name, attributes)
    where not exists (select from pg_roles where rolname = role.name)
  loop
    execute format('create role %I %s nosuperuser nocreatedb nocreaterole noreplication', wanted.name, wanted.attributes);
  end loop;
end $$;

alter role gi_owner    nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role gi_guard    nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role gi_console  nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role gi_migrator login   nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role gi_app      login   nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
alter role gi_control  login   nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
alter role gi_worker   login   nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
alter role gi_mover    login   nosuperuser nocreatedb nocreaterole noreplication bypassrls   noinherit;

grant gi_owner, gi_guard to gi_migrator;

-- Kept by the role and not by the connection string, because PgBouncer drops startup options.
alter role gi_app set search_path = 'app';
alter role gi_app set row_security = on;
alter role gi_app set statement_timeout = '15s';
alter role gi_app set lock_timeout = '3s';
alter role gi_app set idle_in_transaction_session_timeout = '10s';
-- Errors and logs never carry the values of a query: they are names and grades.
alter role gi_app set log_parameter_max_length_on_error = 0;
alter role gi_app set log_parameter_max_length = 0;

alter role gi_control set search_path = 'control';
alter role gi_control set statement_timeout = '15s';
alter role gi_control set lock_timeout = '3s';
alter role gi_control set idle_in_transaction_session_timeout = '10s';
alter role gi_control set log_parameter_max_length_on_error = 0;
alter role gi_control set log_parameter_max_length = 0;

alter role gi_worker set search_path = 'queue';
alter role gi_worker set statement_timeout = '15s';
alter role gi_worker set lock_timeout = '3s';
alter role gi_worker set idle_in_transaction_session_timeout = '10s';
alter role gi_worker set log_parameter_max_length_on_error = 0;
alter role gi_worker set log_parameter_max_length = 0;

alter role gi_mover set search_path = 'app';
alter role gi_mover set lock_timeout = '10s';
alter role gi_mover set idle_in_transaction_session_timeout = '60s';
alter role gi_mover set log_parameter_max_length_on_error = 0;
alter role gi_mover set log_parameter_max_length = 0;

-- A migration that cannot get its lock soon gives up instead of stopping a school behind it.
alter role gi_migrator set search_path = 'migration';
alter role gi_migrator set lock_timeout = '10s';
