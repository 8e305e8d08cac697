-- Words that an agent has said to send and may still take back; what is left when they fall due is done.
create table held_send (
    conversation_id text primary key references conversation (id),
    agent_id text not null,
    act text not null,
    due_at timestamptz not null,
    lease_until timestamptz,
    created_at timestamptz not null
);
create index held_send_due on held_send (coalesce(lease_until, due_at));
