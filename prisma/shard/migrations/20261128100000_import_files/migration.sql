-- What an import keeps: the answers given, the sealed original, every undo and redo, saved mappings, other systems' ids of assignments.
-- Code of the last release keeps working: new columns have defaults, the tables are new, and the one changed check allows more.
set role gi_owner;

alter table app.imports
  add column choices jsonb,
  add column is_from_saved boolean not null default false,
  add check (jsonb_typeof(choices) = 'object');

create table app.import_files (
  tenant_id uuid not null,
  import_id uuid not null,
  key_id text not null,
  nonce bytea not null,
  sealed bytea not null,
  sha256 text not null,
  byte_length integer not null,
  is_redacted boolean not null,
  private_columns smallint[],
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint import_files_pkey primary key (tenant_id, import_id)
);
-- Sealed bytes do not compress, so trying is a waste.
alter table app.import_files alter column sealed set storage external;

create table app.import_undos (
  tenant_id uuid not null,
  import_id uuid not null,
  id uuid not null,
  kind text not null,
  actor text not null,
  at timestamptz not null default now(),
  receipt jsonb not null,
  removed jsonb not null,
  constraint import_undos_pkey primary key (tenant_id, import_id, id)
);

create table app.import_mappings (
  tenant_id uuid not null,
  member_id uuid not null,
  source text not null,
  fingerprint text not null,
  columns jsonb not null,
  saved_at timestamptz not null default now(),
  constraint import_mappings_pkey primary key (tenant_id, member_id, source, fingerprint)
);

create table app.assignment_links (
  tenant_id uuid not null,
  class_id uuid not null,
  source text not null,
  external_id text not null,
  assignment_id uuid not null,
  import_id uuid,
  constraint assignment_links_pkey primary key (tenant_id, class_id, source, external_id)
);

create index import_files_tenant_id_expires_at_idx on app.import_files (tenant_id, expires_at);
create index assignment_links_tenant_id_class_id_assignment_id_idx on app.assignment_links (tenant_id, class_id, assignment_id);

alter table app.import_files add constraint import_files_tenant_id_import_id_fkey
  foreign key (tenant_id, import_id) references app.imports (tenant_id, id) on delete cascade on update restrict;
alter table app.import_undos add constraint import_undos_tenant_id_import_id_fkey
  foreign key (tenant_id, import_id) references app.imports (tenant_id, id) on delete cascade on update restrict;
alter table app.import_mappings add constraint import_mappings_tenant_id_member_id_fkey
  foreign key (tenant_id, member_id) references app.members (tenant_id, id) on delete cascade on update restrict;
alter table app.assignment_links add constraint assignment_links_tenant_id_class_id_assignment_id_fkey
  foreign key (tenant_id, class_id, assignment_id) references app.assignments (tenant_id, class_id, id) on delete cascade on update restrict;

alter table app.import_files
  alter column private_columns set not null,
  add check (key_id ~ '^[0-9a-f]{16}$'),
  add check (octet_length(nonce) = 12),
  add check (octet_length(sealed) >= 16),
  add check (sha256 ~ '^[0-9a-f]{64}$'),
  add check (byte_length >= 0),
  add check (expires_at > created_at);
alter table app.import_undos
  add check (kind in ('undo', 'redo')),
  add check (actor ~ '^(member|token|system):.'),
  add check (jsonb_typeof(receipt) = 'object'),
  add check (jsonb_typeof(removed) = 'object');
alter table app.import_mappings
  add check (source <> ''),
  add check (fingerprint ~ '^[0-9a-f]{64}$'),
  add check (jsonb_typeof(columns) = 'object');
alter table app.assignment_links
  add check (source <> ''),
  add check (external_id <> '');

alter table app.grade_changes
  drop constraint grade_changes_kind_check,
  add constraint grade_changes_kind_check check (kind in ('import', 'undo', 'redo', 'edit'));

call app.wall('app.import_files', 'select, insert, update, delete');
call app.wall('app.import_mappings', 'select, insert, update, delete');
call app.wall('app.assignment_links', 'select, insert, update, delete');
-- Append-only, as the history of grades is.
call app.wall('app.import_undos', 'select, insert');

reset role;
