-- Templates of the inboxes' accounts, as Meta last listed them or told of them since; `parts` holds JSON.
create table template (
    inbox text not null,
    name text not null,
    lang text not null,
    category text not null,
    state text not null,
    quality text,
    reason text,
    is_named boolean not null,
    parts text not null,
    primary key (inbox, name, lang)
);

-- When the templates of an inbox are listed next, and how that went last.
create table template_sync (
    inbox text primary key,
    due_at timestamptz not null,
    attempts bigint not null,
    lease_until timestamptz,
    lease_token text,
    synced_at timestamptz,
    failed_at timestamptz,
    last_error text
);

-- Messages that are templates; `filled` holds JSON: what is sent whatever becomes of the template.
create table template_use (
    message_id text primary key references message (id),
    name text not null,
    lang text not null,
    category text not null,
    filled text not null
);
