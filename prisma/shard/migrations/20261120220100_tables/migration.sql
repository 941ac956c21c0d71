-- The tables of a school, as prisma/shard/schema.prisma describes them, and the rules no caller may break.
-- First migrations of a shard; nothing runs against them yet.
set role gi_owner;

create table app.schools (
  tenant_id uuid not null,
  name text not null,
  time_zone text not null default 'UTC',
  locale text not null default 'en',
  letter_scale jsonb not null,
  green_percent numeric(5,2) not null default 80,
  amber_percent numeric(5,2) not null default 60,
  created_at timestamptz not null default now(),
  constraint schools_pkey primary key (tenant_id)
);

create table app.members (
  tenant_id uuid not null,
  id uuid not null,
  email text not null,
  display_name text not null,
  password_hash text,
  roles text[],
  version integer not null default 1,
  student_id uuid,
  locale text,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint members_pkey primary key (tenant_id, id)
);

create table app.students (
  tenant_id uuid not null,
  id uuid not null,
  last_name text not null,
  first_name text not null,
  created_at timestamptz not null default now(),
  left_at timestamptz,
  import_id uuid,
  constraint students_pkey primary key (tenant_id, id)
);

create table app.student_identifiers (
  tenant_id uuid not null,
  kind text not null,
  folded text not null,
  value text not null,
  student_id uuid not null,
  is_primary boolean not null default true,
  created_at timestamptz not null default now(),
  constraint student_identifiers_pkey primary key (tenant_id, kind, folded)
);

create table app.guardians (
  tenant_id uuid not null,
  member_id uuid not null,
  student_id uuid not null,
  relationship text not null default 'guardian',
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  constraint guardians_pkey primary key (tenant_id, member_id, student_id)
);

create table app.terms (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  starts_on date not null,
  ends_on date not null,
  is_locked boolean not null default false,
  constraint terms_pkey primary key (tenant_id, id)
);

create table app.classes (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  subject text,
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  constraint classes_pkey primary key (tenant_id, id)
);

create table app.class_teachers (
  tenant_id uuid not null,
  class_id uuid not null,
  member_id uuid not null,
  constraint class_teachers_pkey primary key (tenant_id, class_id, member_id)
);

create table app.sections (
  tenant_id uuid not null,
  class_id uuid not null,
  id uuid not null,
  name text not null,
  constraint sections_pkey primary key (tenant_id, class_id, id)
);

create table app.enrolments (
  tenant_id uuid not null,
  class_id uuid not null,
  student_id uuid not null,
  section_id uuid,
  enrolled_at timestamptz not null default now(),
  left_at timestamptz,
  import_id uuid,
  constraint enrolments_pkey primary key (tenant_id, class_id, student_id)
);

create table app.categories (
  tenant_id uuid not null,
  class_id uuid not null,
  id uuid not null,
  name text not null,
  weight numeric(7,3),
  drop_lowest integer not null default 0,
  position integer not null default 0,
  constraint categories_pkey primary key (tenant_id, class_id, id)
);

create table app.assignments (
  tenant_id uuid not null,
  class_id uuid not null,
  id uuid not null,
  term_id uuid not null,
  category_id uuid,
  title text not null,
  title_folded text not null,
  max_points numeric(9,3) not null,
  due_on date,
  is_extra_credit boolean not null default false,
  is_published boolean not null default true,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  import_id uuid,
  constraint assignments_pkey primary key (tenant_id, class_id, id)
);

create table app.tags (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_folded text not null,
  constraint tags_pkey primary key (tenant_id, id)
);

create table app.assignment_tags (
  tenant_id uuid not null,
  class_id uuid not null,
  assignment_id uuid not null,
  tag_id uuid not null,
  constraint assignment_tags_pkey primary key (tenant_id, class_id, assignment_id, tag_id)
);

create table app.grades (
  tenant_id uuid not null,
  class_id uuid not null,
  student_id uuid not null,
  assignment_id uuid not null,
  score numeric(9,3),
  status text not null default 'graded',
  comment text,
  constraint grades_pkey primary key (tenant_id, class_id, student_id, assignment_id)
);

create table app.grade_changes (
  tenant_id uuid not null,
  class_id uuid not null,
  student_id uuid not null,
  id uuid not null,
  kind text not null,
  import_id uuid,
  actor text not null,
  at timestamptz not null default now(),
  assignment_ids uuid[],
  old_scores numeric(9,3)[],
  old_statuses text[],
  new_scores numeric(9,3)[],
  new_statuses text[],
  constraint grade_changes_pkey primary key (tenant_id, class_id, student_id, id)
);

create table app.imports (
  tenant_id uuid not null,
  id uuid not null,
  class_id uuid not null,
  term_id uuid not null,
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
  idempotency_key text,
  created_at timestamptz not null default now(),
  committed_at timestamptz,
  undone_at timestamptz,
  constraint imports_pkey primary key (tenant_id, id)
);

create table app.audit_log (
  tenant_id uuid not null,
  seq bigint not null,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject_kind text,
  subject_id uuid,
  request_id text,
  detail jsonb not null,
  prev_hash bytea not null,
  hash bytea not null,
  constraint audit_log_pkey primary key (tenant_id, seq)
);

create table app.api_tokens (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  scopes text[],
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint api_tokens_pkey primary key (tenant_id, id)
);

create table app.idempotency (
  tenant_id uuid not null,
  actor text not null,
  key text not null,
  request text not null,
  response jsonb not null,
  created_at timestamptz not null default now(),
  constraint idempotency_pkey primary key (tenant_id, actor, key)
);

create index members_tenant_id_student_id_idx on app.members (tenant_id, student_id);
create unique index members_tenant_id_email_key on app.members (tenant_id, email);
create index students_tenant_id_last_name_first_name_idx on app.students (tenant_id, last_name, first_name);
create index student_identifiers_tenant_id_student_id_idx on app.student_identifiers (tenant_id, student_id);
create index guardians_tenant_id_student_id_idx on app.guardians (tenant_id, student_id);
create unique index terms_tenant_id_name_key on app.terms (tenant_id, name);
create index classes_tenant_id_name_idx on app.classes (tenant_id, name);
create index class_teachers_tenant_id_member_id_idx on app.class_teachers (tenant_id, member_id);
create unique index sections_tenant_id_class_id_name_key on app.sections (tenant_id, class_id, name);
create index enrolments_tenant_id_student_id_idx on app.enrolments (tenant_id, student_id);
create index enrolments_tenant_id_class_id_section_id_idx on app.enrolments (tenant_id, class_id, section_id);
create unique index categories_tenant_id_class_id_name_key on app.categories (tenant_id, class_id, name);
create index assignments_tenant_id_term_id_idx on app.assignments (tenant_id, term_id);
create index assignments_tenant_id_class_id_category_id_idx on app.assignments (tenant_id, class_id, category_id);
create unique index tags_tenant_id_name_folded_key on app.tags (tenant_id, name_folded);
create index assignment_tags_tenant_id_tag_id_idx on app.assignment_tags (tenant_id, tag_id);
-- Partial, so that it serves an undo and nothing else: a planner that has not seen a school yet took it for a student's past as well.
create index grade_changes_tenant_id_import_id_idx on app.grade_changes (tenant_id, import_id) where import_id is not null;
create index imports_tenant_id_class_id_created_at_idx on app.imports (tenant_id, class_id, created_at desc);
create index audit_log_tenant_id_subject_id_seq_idx on app.audit_log (tenant_id, subject_id, seq);

alter table app.members add constraint members_tenant_id_student_id_fkey
  foreign key (tenant_id, student_id) references app.students (tenant_id, id) on delete restrict on update restrict;
alter table app.student_identifiers add constraint student_identifiers_tenant_id_student_id_fkey
  foreign key (tenant_id, student_id) references app.students (tenant_id, id) on delete cascade on update restrict;
alter table app.guardians add constraint guardians_tenant_id_member_id_fkey
  foreign key (tenant_id, member_id) references app.members (tenant_id, id) on delete cascade on update restrict;
alter table app.guardians add constraint guardians_tenant_id_student_id_fkey
  foreign key (tenant_id, student_id) references app.students (tenant_id, id) on delete cascade on update restrict;
alter table app.class_teachers add constraint class_teachers_tenant_id_class_id_fkey
  foreign key (tenant_id, class_id) references app.classes (tenant_id, id) on delete cascade on update restrict;
alter table app.class_teachers add constraint class_teachers_tenant_id_member_id_fkey
  foreign key (tenant_id, member_id) references app.members (tenant_id, id) on delete cascade on update restrict;
alter table app.sections add constraint sections_tenant_id_class_id_fkey
  foreign key (tenant_id, class_id) references app.classes (tenant_id, id) on delete cascade on update restrict;
alter table app.enrolments add constraint enrolments_tenant_id_class_id_fkey
  foreign key (tenant_id, class_id) references app.classes (tenant_id, id) on delete cascade on update restrict;
alter table app.enrolments add constraint enrolments_tenant_id_student_id_fkey
  foreign key (tenant_id, student_id) references app.students (tenant_id, id) on delete cascade on update restrict;
alter table app.enrolments add constraint enrolments_tenant_id_class_id_section_id_fkey
  foreign key (tenant_id, class_id, section_id) references app.sections (tenant_id, class_id, id) on delete restrict on update restrict;
alter table app.categories add constraint categories_tenant_id_class_id_fkey
  foreign key (tenant_id, class_id) references app.classes (tenant_id, id) on delete cascade on update restrict;
alter table app.assignments add constraint assignments_tenant_id_class_id_fkey
  foreign key (tenant_id, class_id) references app.classes (tenant_id, id) on delete cascade on update restrict;
alter table app.assignments add constraint assignments_tenant_id_term_id_fkey
  foreign key (tenant_id, term_id) references app.terms (tenant_id, id) on delete restrict on update restrict;
alter table app.assignments add constraint assignments_tenant_id_class_id_category_id_fkey
  foreign key (tenant_id, class_id, category_id) references app.categories (tenant_id, class_id, id) on delete restrict on update restrict;
alter table app.assignment_tags add constraint assignment_tags_tenant_id_class_id_assignment_id_fkey
  foreign key (tenant_id, class_id, assignment_id) references app.assignments (tenant_id, class_id, id) on delete cascade on update restrict;
alter table app.assignment_tags add constraint assignment_tags_tenant_id_tag_id_fkey
  foreign key (tenant_id, tag_id) references app.tags (tenant_id, id) on delete cascade on update restrict;

-- Rules that hold whoever writes. Names and titles are NFC, so that two spellings of one name cannot stand side by side.
alter table app.schools
  add check (name <> '' and name is nfc normalized),
  add check (jsonb_typeof(letter_scale) = 'array'),
  add check (amber_percent between 0 and green_percent and green_percent <= 100);
alter table app.members
  add check (email <> '' and email = lower(btrim(email))),
  add check (display_name <> '' and display_name is nfc normalized),
  alter column roles set not null,
  add check (roles <@ array['student', 'guardian', 'teacher', 'school_admin']),
  add check (version > 0);
alter table app.students
  add check (last_name || first_name <> '' and last_name is nfc normalized and first_name is nfc normalized);
alter table app.student_identifiers
  add check (kind in ('email', 'number', 'username', 'sis')),
  add check (folded <> '' and folded = btrim(folded));
alter table app.terms
  add check (name <> '' and name is nfc normalized),
  add check (starts_on <= ends_on);
alter table app.classes add check (name <> '' and name is nfc normalized);
alter table app.sections add check (name <> '' and name is nfc normalized);
alter table app.categories
  add check (name <> '' and name is nfc normalized),
  add check (weight between 0 and 9999.999),
  add check (drop_lowest >= 0);
alter table app.assignments
  add check (title <> '' and title is nfc normalized),
  add check (title_folded <> '' and title_folded is nfc normalized),
  -- The upper bound also keeps out 'NaN', which is greater than every number.
  add check (max_points > 0 and max_points <= 999999.999);
alter table app.tags
  add check (name <> '' and name is nfc normalized),
  add check (name_folded <> '' and name_folded is nfc normalized);
alter table app.grades
  add check (status in ('graded', 'excused', 'missing', 'incomplete', 'late')),
  add check (score is not null or status <> 'graded'),
  add check (score between -999999.999 and 999999.999);
alter table app.grade_changes
  alter column assignment_ids set not null,
  alter column old_scores set not null,
  alter column old_statuses set not null,
  alter column new_scores set not null,
  alter column new_statuses set not null,
  add check (kind in ('import', 'undo', 'edit')),
  add check (actor ~ '^(member|token|system):.'),
  add check (kind = 'edit' or import_id is not null),
  add constraint grade_changes_one_place_a_cell check (
    cardinality(assignment_ids) > 0
    and cardinality(old_scores) = cardinality(assignment_ids)
    and cardinality(old_statuses) = cardinality(assignment_ids)
    and cardinality(new_scores) = cardinality(assignment_ids)
    and cardinality(new_statuses) = cardinality(assignment_ids)
  );
alter table app.imports
  add check (state in ('planned', 'blocked', 'committed', 'undone', 'discarded')),
  add check (actor ~ '^(member|token|system):.'),
  add check (file_sha256 ~ '^[0-9a-f]{64}$'),
  add check (file_bytes >= 0),
  add check ((committed_at is not null) = (state in ('committed', 'undone'))),
  add check ((undone_at is not null) = (state = 'undone'));
alter table app.audit_log
  add check (seq > 0),
  add check (actor ~ '^(member|token|system):.'),
  add check (action <> ''),
  add check (jsonb_typeof(detail) = 'object'),
  add check (octet_length(prev_hash) = 32 and octet_length(hash) = 32);
alter table app.api_tokens
  alter column scopes set not null,
  add check (name <> '');

reset role;
