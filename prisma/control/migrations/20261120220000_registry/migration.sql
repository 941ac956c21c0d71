-- The control database: districts, shards, schools and what was done to them, as prisma/control/schema.prisma describes it.
-- First migration; nothing runs against it yet.
set role gi_owner;

create table control.districts (
  id uuid not null,
  slug text not null,
  name text not null,
  created_at timestamptz not null default now(),
  constraint districts_pkey primary key (id)
);

create table control.shards (
  name text not null,
  status text not null default 'open',
  created_at timestamptz not null default now(),
  constraint shards_pkey primary key (name)
);

create table control.shard_ranges (
  shard_name text not null,
  from_number integer not null,
  to_number integer not null,
  constraint shard_ranges_pkey primary key (shard_name, from_number)
);

create table control.tenants (
  id uuid not null,
  number serial not null,
  slug text not null,
  name text not null,
  district_id uuid,
  shard_name text not null,
  is_pinned boolean not null default false,
  epoch integer not null default 1,
  status text not null default 'provisioning',
  tier text not null default 'standard',
  time_zone text not null default 'UTC',
  locale text not null default 'en',
  features jsonb not null default '{}',
  branding jsonb not null default '{}',
  limits jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tenants_pkey primary key (id)
);

create table control.tenant_hosts (
  host text not null,
  tenant_id uuid not null,
  created_at timestamptz not null default now(),
  constraint tenant_hosts_pkey primary key (host)
);

create table control.slug_tombstones (
  slug text not null,
  tenant_id uuid not null,
  at timestamptz not null default now(),
  constraint slug_tombstones_pkey primary key (slug)
);

create table control.registry_outbox (
  id bigserial not null,
  tenant_id uuid not null,
  slug text not null,
  epoch integer not null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  constraint registry_outbox_pkey primary key (id)
);

create table control.tenant_moves (
  id uuid not null,
  tenant_id uuid not null,
  from_shard text not null,
  to_shard text not null,
  state text not null,
  detail jsonb not null default '{}',
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint tenant_moves_pkey primary key (id)
);

create table control.shard_migrations (
  shard_name text not null,
  migration text not null,
  state text not null,
  detail text,
  started_at timestamptz not null,
  finished_at timestamptz,
  constraint shard_migrations_pkey primary key (shard_name, migration)
);

create table control.console_members (
  id uuid not null,
  email text not null,
  display_name text not null,
  password_hash text not null,
  role text not null,
  district_id uuid,
  version integer not null default 1,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint console_members_pkey primary key (id)
);

create table control.control_audit (
  id uuid not null,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  tenant_id uuid,
  request_id text,
  detail jsonb not null default '{}',
  constraint control_audit_pkey primary key (id)
);

create unique index districts_slug_key on control.districts (slug);
create unique index tenants_number_key on control.tenants (number);
create unique index tenants_slug_key on control.tenants (slug);
create index tenants_district_id_idx on control.tenants (district_id);
create index tenants_shard_name_idx on control.tenants (shard_name);
create index tenant_hosts_tenant_id_idx on control.tenant_hosts (tenant_id);
create index tenant_moves_tenant_id_idx on control.tenant_moves (tenant_id);
create unique index console_members_email_key on control.console_members (email);
create index console_members_district_id_idx on control.console_members (district_id);

alter table control.shard_ranges add constraint shard_ranges_shard_name_fkey
  foreign key (shard_name) references control.shards (name) on delete restrict on update cascade;
alter table control.tenants add constraint tenants_district_id_fkey
  foreign key (district_id) references control.districts (id) on delete set null on update cascade;
alter table control.tenants add constraint tenants_shard_name_fkey
  foreign key (shard_name) references control.shards (name) on delete restrict on update cascade;
alter table control.tenant_hosts add constraint tenant_hosts_tenant_id_fkey
  foreign key (tenant_id) references control.tenants (id) on delete restrict on update cascade;
alter table control.console_members add constraint console_members_district_id_fkey
  foreign key (district_id) references control.districts (id) on delete set null on update cascade;

alter table control.districts
  add check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  add check (name <> '');
alter table control.shards
  -- The name is also the end of its address's name in the environment, SHARD_URL_<NAME>.
  add check (name ~ '^[a-z][a-z0-9_]{0,30}$'),
  add check (status in ('open', 'full', 'draining'));
alter table control.shard_ranges
  add check (from_number > 0 and from_number <= to_number),
  add constraint shard_ranges_do_not_overlap exclude using gist (int4range(from_number, to_number, '[]') with &&);
alter table control.tenants
  add check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  add check (name <> ''),
  add check (epoch > 0),
  add check (status in ('provisioning', 'active', 'read_only', 'suspended', 'offboarded'));
alter table control.tenant_hosts add check (host <> '' and host = lower(btrim(host)));
alter table control.registry_outbox add check (epoch > 0);
alter table control.tenant_moves add check (from_shard <> to_shard);
alter table control.shard_migrations add check (state in ('applied', 'failed'));
alter table control.console_members
  add check (email <> '' and email = lower(btrim(email))),
  add check (role in ('district_viewer', 'district_admin', 'platform_operator')),
  -- Only a platform operator belongs to no district.
  add check ((district_id is null) = (role = 'platform_operator')),
  add check (version > 0);

grant select, insert, update, delete on
  control.districts, control.shards, control.shard_ranges, control.tenants, control.tenant_hosts,
  control.registry_outbox, control.tenant_moves, control.console_members
  to gi_control;
-- A slug once used stays taken, and what was done stays written.
grant select, insert on control.slug_tombstones, control.control_audit to gi_control;
-- Written by the migrations themselves.
grant select on control.shard_migrations to gi_control;
grant usage on sequence control.tenants_number_seq, control.registry_outbox_id_seq to gi_control;

reset role;
