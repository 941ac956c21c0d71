-- Rosters: files of students, classes, enrolments and guardians, planned, committed and undone as one unit.
-- Additive: the last release neither reads nor writes any of it, so it keeps working while this runs shard after shard.
set role gi_owner;

create table app.roster_imports (
  tenant_id uuid not null,
  id uuid not null,
  actor text not null,
  state text not null,
  file_name text not null,
  file_sha256 text not null,
  file_bytes integer not null,
  source text not null,
  plan text not null,
  plan_hash text not null,
  counts jsonb not null,
  receipt jsonb,
  made jsonb,
  created_at timestamptz not null default now(),
  committed_at timestamptz,
  undone_at timestamptz,
  constraint roster_imports_pkey primary key (tenant_id, id)
);
alter table app.roster_imports
  add check (state in ('planned', 'committed', 'undone', 'discarded')),
  add check (actor ~ '^(member|token|system):.'),
  add check (file_sha256 ~ '^[0-9a-f]{64}$'),
  add check (file_bytes >= 0),
  add check ((committed_at is not null) = (state in ('committed', 'undone'))),
  add check ((undone_at is not null) = (state = 'undone'));
call app.wall('app.roster_imports', 'select, insert, update');

-- What a class is called where it comes from, so that the next file finds it under whatever name.
alter table app.classes
  add column sis_id text,
  add column roster_import_id uuid,
  add check (sis_id <> '' and sis_id = btrim(sis_id));
create unique index classes_tenant_id_sis_id_key on app.classes (tenant_id, sis_id);

-- The roster that made a row, and the one that ended a guardian's link: a link ended by hand is never opened by a file.
alter table app.members add column roster_import_id uuid;
alter table app.guardians
  add column roster_import_id uuid,
  add column revoked_import_id uuid;

-- An undo takes away what its roster made. The app may delete nothing else of these tables: p_undo narrows the grant, and being
-- restrictive it cannot be widened by another policy.
grant delete on app.classes, app.members, app.guardians to gi_app;
create policy p_undo on app.classes as restrictive for delete to gi_app using (roster_import_id is not null);
create policy p_undo on app.members as restrictive for delete to gi_app using (roster_import_id is not null);
create policy p_undo on app.guardians as restrictive for delete to gi_app using (roster_import_id is not null);

reset role;
