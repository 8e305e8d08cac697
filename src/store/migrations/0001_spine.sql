-- Written for SQLite and PostgreSQL alike: text, bigint, boolean, double precision, timestamptz.

create table meta (
    key text primary key,
    value text not null
);

create table contact (
    id text primary key,
    name text,
    email text,
    created_at timestamptz not null
);

-- The ways a contact is known, each unique in its inbox.
create table identity (
    inbox text not null,
    value text not null,
    contact_id text not null references contact (id),
    seen_at timestamptz not null,
    primary key (inbox, value)
);
create index identity_contact on identity (contact_id, inbox);

create table conversation (
    id text primary key,
    inbox text not null,
    contact_id text not null references contact (id),
    status text not null,
    assignee text,
    lang text,
    priority text not null,
    topic text,
    last_seq bigint not null,
    last_shown bigint not null,
    handoff_told boolean not null,
    waiting_since timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index conversation_contact on conversation (contact_id, inbox, created_at);
create index conversation_status on conversation (status, updated_at);

create table message (
    id text primary key,
    conversation_id text not null references conversation (id),
    seq bigint not null,
    shown bigint,
    inbox text not null,
    external_id text,
    author text not null,
    agent_id text,
    visibility text not null,
    body text not null,
    attachments text not null,
    citations text not null,
    choices text not null,
    sent_at timestamptz not null,
    received_at timestamptz not null,
    unique (conversation_id, seq),
    unique (inbox, external_id)
);

-- A run of customer messages; an open turn is also the job of answering it.
create table turn (
    id text primary key,
    conversation_id text not null references conversation (id),
    state text not null,
    first_seq bigint not null,
    last_seq bigint not null,
    opened_at timestamptz not null,
    due_at timestamptz not null,
    cap_at timestamptz not null,
    attempts bigint not null,
    lease_until timestamptz,
    lease_token text,
    decided_at timestamptz
);
create unique index turn_open on turn (conversation_id) where state = 'open';
create index turn_due on turn (due_at) where state = 'open';
create index turn_conversation on turn (conversation_id, last_seq);

create table decision (
    id text primary key,
    turn_id text not null unique references turn (id),
    conversation_id text not null references conversation (id),
    action text not null,
    reasons text not null,
    confidence double precision not null,
    summary text,
    record text not null,
    created_at timestamptz not null
);
create index decision_conversation on decision (conversation_id, created_at);

create table draft (
    id text primary key,
    turn_id text not null references turn (id),
    conversation_id text not null references conversation (id),
    base_seq bigint not null,
    state text not null,
    body text not null,
    sent_body text,
    verdict text,
    reject_reason text,
    agent_id text,
    created_at timestamptz not null,
    settled_at timestamptz
);
create index draft_conversation on draft (conversation_id, created_at);

create table outbox (
    id text primary key,
    conversation_id text not null references conversation (id),
    message_id text not null unique references message (id),
    turn_id text,
    inbox text not null,
    seq bigint not null,
    state text not null,
    due_at timestamptz not null,
    attempts bigint not null,
    lease_until timestamptz,
    lease_token text,
    provider_id text,
    last_error text,
    position bigint,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index outbox_due on outbox (due_at) where state in ('queued', 'sending');
create index outbox_conversation on outbox (conversation_id, seq);
create index outbox_position on outbox (inbox, position);

-- Counts what each inbox has sent, so that a reader by cursor misses nothing.
create table inbox_position (
    inbox text primary key,
    position bigint not null
);

create table attachment (
    id text primary key,
    inbox text not null,
    contact_id text not null references contact (id),
    conversation_id text,
    name text not null,
    media_type text not null,
    size bigint not null,
    created_at timestamptz not null
);
create index attachment_contact on attachment (contact_id, created_at);

create table article (
    id text primary key,
    source text not null,
    file text not null,
    version bigint not null,
    content text not null,
    live boolean not null,
    updated_at timestamptz not null
);

create table article_version (
    article_id text not null references article (id),
    version bigint not null,
    content text not null,
    created_at timestamptz not null,
    primary key (article_id, version)
);

create table knowledge_problem (
    source text not null,
    file text not null,
    line bigint not null,
    what text not null,
    fix text not null,
    found_at timestamptz not null
);

create table agent (
    id text primary key,
    email text not null unique,
    name text not null,
    role text not null,
    password text not null,
    created_at timestamptz not null
);

create table session (
    token_hash text primary key,
    agent_id text not null references agent (id),
    created_at timestamptz not null,
    seen_at timestamptz not null
);

-- One-time links by which people set their first password.
create table invitation (
    token_hash text primary key,
    email text,
    role text not null,
    created_at timestamptz not null,
    used_at timestamptz
);

create table api_token (
    token_hash text primary key,
    name text not null,
    created_at timestamptz not null,
    revoked_at timestamptz
);

create table chat_session (
    token_hash text primary key,
    inbox text not null,
    contact_id text not null references contact (id),
    created_at timestamptz not null,
    seen_at timestamptz not null
);

-- Guesses at passwords, by account and by address, so that they can be slowed down.
create table login_attempt (
    key text primary key,
    failures bigint not null,
    since timestamptz not null
);
