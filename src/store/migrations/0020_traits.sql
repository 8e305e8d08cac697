-- What people can and do: languages and skills as JSON lists, how many conversations they can have at
-- once, since when they are away, and when they were last given one.
alter table agent add column langs text not null default '[]';
alter table agent add column skills text not null default '[]';
alter table agent add column capacity bigint not null default 8;
alter table agent add column away_since timestamptz;
alter table agent add column assigned_at timestamptz;

create table team (
    id text primary key,
    name text not null unique,
    created_at timestamptz not null
);

create table team_member (
    team_id text not null references team (id),
    agent_id text not null references agent (id),
    primary key (team_id, agent_id)
);
create index team_member_agent on team_member (agent_id);
