-- Who has set a priority by hand: what triage finds later does not undo it.
alter table conversation add column priority_by text;

-- Since when an agent has a conversation that they took themselves: one who is away too long loses it.
alter table conversation add column claimed_at timestamptz;
create index conversation_claimed on conversation (claimed_at) where status = 'with_agent';
create index session_seen on session (agent_id, seen_at);

-- Free words by which people sort conversations.
create table tag (
    conversation_id text not null references conversation (id),
    name text not null,
    agent_id text not null,
    created_at timestamptz not null,
    primary key (conversation_id, name)
);
create index tag_name on tag (name, conversation_id);

-- Contacts whom nobody answers: who said so, why and where, and which conversations were open then.
create table block (
    contact_id text primary key references contact (id),
    conversation_id text not null references conversation (id),
    agent_id text not null,
    reason text not null,
    was_open text not null,
    created_at timestamptz not null
);
