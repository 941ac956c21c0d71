-- Who may do what with the work queue. Run by lib/db/queue.ts as gi_owner after the library's own migrations, which know no roles of
-- ours; repeating it changes nothing. gi_worker works the queue. gi_control may do one thing: ask for an import to be worked on.
grant usage on schema queue to gi_worker;
grant select, insert, update, delete on
  queue._private_jobs, queue._private_job_queues, queue._private_tasks to gi_worker;
grant select, insert, update on queue._private_known_crontabs to gi_worker;
grant execute on function
  queue.add_job(text, json, text, timestamptz, integer, text, integer, text[], text),
  queue.add_jobs(queue.job_spec[], boolean),
  queue.complete_jobs(bigint[]),
  queue.force_unlock_workers(text[])
  to gi_worker;
-- The library bolts its tables with row security and no policy: only the owner would get in.
do $$
declare
  bolted record;
begin
  for bolted in
    select class.oid::regclass as name
    from pg_class as class
    where class.relnamespace = 'queue'::regnamespace and class.relrowsecurity
      and not exists (select from pg_policy where polrelid = class.oid and polname = 'p_worker')
  loop
    execute format('create policy p_worker on %s to gi_worker using (true) with check (true)', bolted.name);
  end loop;
end $$;

-- Asks for an import to be worked on. Ids only: what to do stands on the shard, behind the wall. One queue a school, so that one of its
-- jobs runs at a time; each further one that waits stands a step behind the first ones of other schools.
-- What is asked for already is not asked for twice.
create or replace function control.queue_import(tenant uuid, import uuid, kind text, request text) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  waiting integer;
begin
  if queue_import.kind is null or queue_import.kind not in ('plan', 'commit', 'undo', 'redo', 'reread') then
    raise exception 'unknown kind of work' using errcode = '22023';
  end if;
  select count(*) into waiting
  from queue._private_jobs job
  join queue._private_job_queues school on school.id = job.job_queue_id
  where school.queue_name = queue_import.tenant::text;
  perform queue.add_job(
    identifier => 'import',
    payload => json_build_object(
      'tenantId', queue_import.tenant, 'importId', queue_import.import, 'kind', queue_import.kind, 'requestId', queue_import.request),
    queue_name => queue_import.tenant::text,
    max_attempts => 6,
    job_key => concat_ws(':', queue_import.tenant, queue_import.import, queue_import.kind),
    priority => least(waiting, 100),
    job_key_mode => 'unsafe_dedupe');
end $$;
revoke all on function control.queue_import(uuid, uuid, text, text) from public;
grant execute on function control.queue_import(uuid, uuid, text, text) to gi_control;
