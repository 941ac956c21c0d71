-- How far an import is that a worker plans, commits or undoes, and who asked for it. A row of its own and not columns of
-- app.imports: a commit holds that row until its end. Code of the last release goes on working: it knows neither table nor state.
set role gi_owner;

-- reading: uploaded, and a worker has not made its plan yet.
alter table app.imports
  drop constraint imports_state_check,
  add constraint imports_state_check check (state in ('reading', 'planned', 'blocked', 'committed', 'undone', 'discarded'));

create table app.import_jobs (
  tenant_id uuid not null,
  import_id uuid not null,
  kind text not null,
  state text not null default 'queued',
  actor text not null,
  request_id text not null,
  plan_hash text,
  run_id uuid,
  attempt smallint not null default 0,
  phase text,
  done integer not null default 0,
  total integer,
  problem jsonb,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  changed_at timestamptz not null default now(),
  finished_at timestamptz,
  cancel_asked_at timestamptz,
  constraint import_jobs_pkey primary key (tenant_id, import_id)
);

alter table app.import_jobs add constraint import_jobs_tenant_id_import_id_fkey
  foreign key (tenant_id, import_id) references app.imports (tenant_id, id) on delete cascade on update restrict;

alter table app.import_jobs
  add check (kind in ('plan', 'commit', 'undo')),
  add check (state in ('queued', 'working', 'done', 'failed', 'cancelled')),
  add check (done >= 0),
  add check (total >= 0),
  -- A commit runs exactly the plan that was looked at.
  add check ((kind = 'commit') = (plan_hash is not null)),
  add check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null));

call app.wall('app.import_jobs', 'select, insert, update');

reset role;
