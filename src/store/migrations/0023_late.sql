-- From when on a wait is nearly over, and when it was found to be.
alter table conversation add column warn_at timestamptz;
alter table conversation add column missed_at timestamptz;
create index conversation_warned on conversation (warn_at, due_at) where status in ('waiting', 'with_agent');
create index conversation_late on conversation (due_at)
    where status in ('waiting', 'with_agent') and missed_at is null;
