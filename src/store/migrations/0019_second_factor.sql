-- The second step of a login: a secret that an app makes codes of. It counts once confirmed; a code
-- of `last_step` or before does not count any more.
create table second_factor (
    agent_id text primary key references agent (id),
    secret text not null,
    last_step bigint not null,
    created_at timestamptz not null,
    confirmed_at timestamptz
);

-- One-time codes for when the app is lost.
create table recovery_code (
    code_hash text primary key,
    agent_id text not null references agent (id),
    created_at timestamptz not null
);
create index recovery_code_agent on recovery_code (agent_id);

-- Logins that have proven a password, by its hash, and still owe the second step.
create table login_step (
    token_hash text primary key,
    agent_id text not null references agent (id),
    password text not null,
    created_at timestamptz not null
);

-- What people did to people and settings. Names are kept as they were; `actor` is nobody for what was
-- done on the command line.
create table staff_act (
    id text primary key,
    actor text,
    actor_name text not null,
    act text not null,
    subject text,
    detail text not null,
    created_at timestamptz not null
);
create index staff_act_created on staff_act (created_at, id);

-- By what a session is named, also where an older node has begun it.
drop index session_id;
create unique index session_name on session (coalesce(id, substr(token_hash, 1, 32)));
