-- Searches that people keep under a name, for themselves or for the team.
create table saved_view (
    id text primary key,
    agent_id text not null references agent (id),
    name text not null,
    shared boolean not null,
    query text not null,
    created_at timestamptz not null
);
create index saved_view_agent on saved_view (agent_id);
