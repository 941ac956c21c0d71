-- What the work queue's own migrations (lib/db/queue.ts) stand on: their list, and the signs of life of the workers.
-- Code of the last release knows neither.
set role gi_owner;

-- Made here as the library would make it, because it would first ask to create the schema, which the owner may not.
create table queue.migrations (
  id integer not null,
  ts timestamptz not null default now(),
  breaking boolean not null default false,
  constraint migrations_pkey primary key (id)
);
grant select on queue.migrations to gi_worker;

-- Beside the library's tables: its locks last for hours, and only who is known to be dead may be freed earlier.
create table control.worker_heartbeats (
  worker_id text not null,
  beat_at timestamptz not null default now(),
  constraint worker_heartbeats_pkey primary key (worker_id)
);
grant select, insert, update, delete on control.worker_heartbeats to gi_worker;

reset role;
