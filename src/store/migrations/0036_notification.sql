-- Addresses that nothing is sent to unasked: a customer's number or id in an inbox, and why. Nobody for a program.
create table suppression (
    inbox text not null,
    address text not null,
    reason text not null,
    agent_id text,
    by_name text not null,
    created_at timestamptz not null,
    primary key (inbox, address)
);

-- What messages cost, as the channel tells with how far they got; one that travels in parts has as many.
create table price (
    outbox_id text not null references outbox (id),
    part bigint not null,
    category text not null,
    kind text,
    billable boolean not null,
    micros bigint,
    currency text,
    told_at timestamptz not null,
    primary key (outbox_id, part)
);

-- Messages that a program or an agent wants sent unasked. `state` is waiting, sending (it has become a message), expired
-- or refused; `key` and `print` tell a request that comes again from another one.
create table notification (
    id text primary key,
    inbox text not null,
    key text not null,
    print text not null,
    reference text,
    address text not null,
    contact_id text not null references contact (id),
    conversation_id text not null references conversation (id),
    message_id text references message (id),
    template text not null,
    lang text not null,
    category text not null,
    filled text not null,
    state text not null,
    reason text,
    agent_id text,
    by_name text not null,
    due_at timestamptz not null,
    expires_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (inbox, key)
);
create index notification_due on notification (due_at) where state = 'waiting';
create index notification_new on notification (created_at);
create index notification_message on notification (message_id) where message_id is not null;
