-- A grade's parents, an enrolment and an assignment of the same class, are kept by statement and not by row: row-level foreign
-- keys were three quarters of an import's cost. First migrations of a shard; nothing runs against them yet.
--
-- What a foreign key promises, and what keeps it here:
--   no grade without its parents          grades_have_parents checks what was inserted and holds the parents `for key share`,
--                                         so a delete of a parent waits for us, or we for it
--   no grade outlives its parent          delete_grades_of_enrolments, delete_grades_of_assignments
--   no key changes under a grade          keys_are_fixed, on all three tables
--   no truncate of a parent               no role of ours holds the right
-- Every statement is bound by a key, and enable_seqscan is off: a plan made while a table was small, or had no statistics,
-- stays the right one when it is large.
set role gi_owner;

create function app.grades_have_parents() returns trigger
language plpgsql
set search_path = ''
set enable_seqscan = off
as $$
declare
  wanted record;
  held bigint;
begin
  -- In key order, so that two imports into one class cannot deadlock.
  for wanted in
    select tenant_id, class_id, array_agg(student_id) as ids
    from (select distinct tenant_id, class_id, student_id from inserted) as parent
    group by tenant_id, class_id
    order by tenant_id, class_id
  loop
    perform from app.enrolments
    where tenant_id = wanted.tenant_id and class_id = wanted.class_id and student_id = any(wanted.ids)
    order by student_id
    for key share;
    get diagnostics held = row_count;
    if held <> cardinality(wanted.ids) then
      raise exception 'a grade is for a student who is not enrolled in the class'
        using errcode = 'foreign_key_violation', schema = 'app', table = 'grades', constraint = 'grades_enrolment';
    end if;
  end loop;

  for wanted in
    select tenant_id, class_id, array_agg(assignment_id) as ids
    from (select distinct tenant_id, class_id, assignment_id from inserted) as parent
    group by tenant_id, class_id
    order by tenant_id, class_id
  loop
    perform from app.assignments
    where tenant_id = wanted.tenant_id and class_id = wanted.class_id and id = any(wanted.ids)
    order by id
    for key share;
    get diagnostics held = row_count;
    if held <> cardinality(wanted.ids) then
      raise exception 'a grade is for an assignment that the class does not have'
        using errcode = 'foreign_key_violation', schema = 'app', table = 'grades', constraint = 'grades_assignment';
    end if;
  end loop;
  return null;
end $$;

create trigger have_parents
  after insert on app.grades
  referencing new table as inserted
  for each statement execute function app.grades_have_parents();

-- Under repeatable read the delete would not see the grades of a writer it had waited for, and would leave them behind.
create function app.refuse_old_snapshot() returns void
language plpgsql
set search_path = ''
as $$
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'parents of grades are deleted under read committed only' using errcode = 'feature_not_supported';
  end if;
end $$;

-- When a class or a student goes, their foreign keys delete enrolments and assignments as gi_owner, and from Postgres 18 on our
-- trigger then runs as gi_owner too, whom the wall keeps out: it would delete nothing, and say nothing. So the owner may delete
-- grades, and the functions below enter the school of each parent, as a foreign key would whoever asked for the delete.
create policy p_cascade on app.grades as permissive for all to gi_owner using (true) with check (false);

create function app.delete_grades_of_enrolments() returns trigger
language plpgsql
set search_path = ''
set enable_seqscan = off
as $$
declare
  tenant_before text := coalesce(current_setting('app.tenant_id', true), '');
  gone record;
begin
  perform app.refuse_old_snapshot();
  for gone in select tenant_id, class_id, array_agg(student_id) as ids from deleted group by tenant_id, class_id loop
    perform set_config('app.tenant_id', gone.tenant_id::text, true);
    delete from app.grades
    where tenant_id = gone.tenant_id and class_id = gone.class_id and student_id = any(gone.ids);
  end loop;
  perform set_config('app.tenant_id', tenant_before, true);
  return null;
end $$;

create trigger delete_grades
  after delete on app.enrolments
  referencing old table as deleted
  for each statement execute function app.delete_grades_of_enrolments();

create function app.delete_grades_of_assignments() returns trigger
language plpgsql
set search_path = ''
set enable_seqscan = off
as $$
declare
  tenant_before text := coalesce(current_setting('app.tenant_id', true), '');
  gone record;
begin
  perform app.refuse_old_snapshot();
  for gone in select tenant_id, class_id, array_agg(id) as ids from deleted group by tenant_id, class_id loop
    perform set_config('app.tenant_id', gone.tenant_id::text, true);
    delete from app.grades
    where tenant_id = gone.tenant_id and class_id = gone.class_id and assignment_id = any(gone.ids);
  end loop;
  perform set_config('app.tenant_id', tenant_before, true);
  return null;
end $$;

create trigger delete_grades
  after delete on app.assignments
  referencing old table as deleted
  for each statement execute function app.delete_grades_of_assignments();

create function app.keys_are_fixed() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'the key of a row of % does not change', tg_table_name
    using errcode = 'restrict_violation', schema = tg_table_schema, table = tg_table_name;
end $$;

create trigger keys_are_fixed
  before update of tenant_id, class_id, student_id, assignment_id on app.grades
  for each row
  when ((old.tenant_id, old.class_id, old.student_id, old.assignment_id)
    is distinct from (new.tenant_id, new.class_id, new.student_id, new.assignment_id))
  execute function app.keys_are_fixed();

create trigger keys_are_fixed
  before update of tenant_id, class_id, student_id on app.enrolments
  for each row
  when ((old.tenant_id, old.class_id, old.student_id) is distinct from (new.tenant_id, new.class_id, new.student_id))
  execute function app.keys_are_fixed();

create trigger keys_are_fixed
  before update of tenant_id, class_id, id on app.assignments
  for each row
  when ((old.tenant_id, old.class_id, old.id) is distinct from (new.tenant_id, new.class_id, new.id))
  execute function app.keys_are_fixed();

grant execute on function app.refuse_old_snapshot() to gi_app, gi_mover;

reset role;
