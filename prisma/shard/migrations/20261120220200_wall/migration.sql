-- The wall: row-level security on every table of a school, and what each role may do.
-- First migrations of a shard; nothing runs against them yet.
set role gi_owner;

-- Every later table is walled by the same call. p_app alone lets the app in; p_wall, which is restrictive, keeps every role
-- to one school, so that no further permissive policy can open a way round it. Reads compare with the stable expression itself,
-- which an index can use; writes with a sub-select, which is worked out once a statement and not once a row (a fifth of the
-- CPU of a large import).
create procedure app.wall(target regclass, app_rights text)
language plpgsql
set search_path = ''
as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy p_app on %s as permissive for all to gi_app using (true) with check (true)', target);
  execute format(
    'create policy p_wall on %s as restrictive for all to public using (tenant_id = guard.tid()) with check (tenant_id = (select guard.tid()))',
    target
  );
  execute format('grant %s on %s to gi_app', app_rights, target);
  execute format('grant select, insert, update, delete on %s to gi_mover', target);
end $$;
revoke all on procedure app.wall(regclass, text) from public;

-- What the product never deletes, the app cannot delete.
call app.wall('app.schools', 'select, insert, update');
call app.wall('app.members', 'select, insert, update');
call app.wall('app.guardians', 'select, insert, update');
call app.wall('app.terms', 'select, insert, update');
call app.wall('app.classes', 'select, insert, update');
call app.wall('app.imports', 'select, insert, update');
call app.wall('app.api_tokens', 'select, insert, update');

call app.wall('app.students', 'select, insert, update, delete');
call app.wall('app.student_identifiers', 'select, insert, update, delete');
call app.wall('app.class_teachers', 'select, insert, update, delete');
call app.wall('app.sections', 'select, insert, update, delete');
call app.wall('app.enrolments', 'select, insert, update, delete');
call app.wall('app.categories', 'select, insert, update, delete');
call app.wall('app.assignments', 'select, insert, update, delete');
call app.wall('app.tags', 'select, insert, update, delete');
call app.wall('app.assignment_tags', 'select, insert, update, delete');
call app.wall('app.grades', 'select, insert, update, delete');
call app.wall('app.idempotency', 'select, insert, update, delete');

-- Append-only.
call app.wall('app.grade_changes', 'select, insert');
call app.wall('app.audit_log', 'select, insert');

reset role;
