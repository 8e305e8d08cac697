-- The conversation that goes on for this one, whose messages it shows among its own.
alter table conversation add column merged_into text;
create index conversation_merged on conversation (merged_into) where merged_into is not null;
-- The conversation from which this one was split off, and when.
alter table conversation add column split_from text;
alter table conversation add column split_at timestamptz;

-- What people have put together or taken apart, with what it takes to undo it. Contacts stay rows of their own:
-- those of one person are tied by the rows here that are not undone.
create table regroup (
    id text primary key,
    kind text not null,
    from_id text not null,
    into_id text not null,
    conversation_id text not null,
    message_id text not null,
    was text not null,
    agent_id text not null,
    created_at timestamptz not null,
    undone_at timestamptz
);
create index regroup_from on regroup (from_id) where undone_at is null;
create index regroup_into on regroup (into_id) where undone_at is null;
create index regroup_conversation on regroup (conversation_id);
