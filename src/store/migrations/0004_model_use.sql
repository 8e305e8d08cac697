-- What calls of a language model took, for each day and conversation: limits are counted against it.
create table model_use (
    day text not null,
    conversation_id text not null,
    calls bigint not null,
    tokens bigint not null,
    cost_micros bigint not null,
    primary key (day, conversation_id)
);

-- What a model wrote for the person who takes over, unverified: a summary, a reply to look at.
create table aid (
    decision_id text primary key references decision (id),
    body text not null,
    created_at timestamptz not null
);
