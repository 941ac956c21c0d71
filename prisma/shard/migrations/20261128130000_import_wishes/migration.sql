-- What exactly a worker is asked for: the parts of an undo, the answers a file is read again with, and that file when it was sent once
-- more. Code of the last release goes on working, but its workers know no parts of an undo: workers are renewed before web processes.
set role gi_owner;

alter table app.import_jobs
  add column wish jsonb,
  -- The file that was sent again, sealed as app.import_files are, until the job ends. Nothing but that job opens it.
  add column sent_key_id text,
  add column sent_nonce bytea,
  add column sent_sealed bytea;

alter table app.import_jobs
  drop constraint import_jobs_kind_check,
  add constraint import_jobs_kind_check check (kind in ('plan', 'commit', 'undo', 'redo', 'reread')),
  add constraint import_jobs_wish_check check (kind <> 'reread' or wish is not null),
  add constraint import_jobs_sent_check check (num_nonnulls(sent_key_id, sent_nonce, sent_sealed) in (0, 3));

reset role;
