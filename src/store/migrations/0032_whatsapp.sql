-- Until when a customer of WhatsApp may be answered freely; none for channels that know no such time.
alter table conversation add column window_expires_at timestamptz;

-- What WhatsApp tells of a message beside its words. `said` holds the words as they first came, once an edit has
-- replaced them; `about` and `raw` hold JSON, `raw` only of what cannot be read here.
create table whatsapp (
    message_id text primary key references message (id),
    kind text not null,
    answers text,
    forwarded boolean not null,
    about text,
    raw text,
    said text
);

-- What is done to messages later: edits, revocations, reactions. They may come before the message that they are
-- about; `done` says whether they have had their effect.
create table whatsapp_change (
    inbox text not null,
    id text not null,
    about text not null,
    kind text not null,
    by_us boolean not null,
    words text not null,
    happened_at timestamptz not null,
    done boolean not null,
    primary key (inbox, id)
);
create index whatsapp_change_about on whatsapp_change (inbox, about);

-- What is not understood, and what is only to be known, as it came.
create table whatsapp_kept (
    inbox text not null,
    id text not null,
    kind text not null,
    body text not null,
    received_at timestamptz not null,
    primary key (inbox, id)
);

-- What a contact wants to be sent, as they last said.
create table consent (
    contact_id text not null references contact (id),
    inbox text not null,
    category text not null,
    wanted boolean not null,
    words text not null,
    said_at timestamptz not null,
    primary key (contact_id, inbox, category)
);

create index outbox_provider on outbox (inbox, provider_id) where provider_id is not null;
