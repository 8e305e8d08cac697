-- A name for each session that is no secret, so that its owner can say which is to end.
alter table session add column id text;
update session set id = substr(token_hash, 1, 32);
create unique index session_id on session (id);
create index session_agent on session (agent_id);

-- Since when somebody no longer works here; what they have done keeps their name.
alter table agent add column left_at timestamptz;

-- One-time links by which people who have forgotten their password set another; one a person at most.
create table password_reset (
    agent_id text primary key references agent (id),
    token_hash text not null unique,
    created_at timestamptz not null
);
