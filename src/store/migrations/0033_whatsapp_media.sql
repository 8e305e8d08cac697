-- Files of WhatsApp that are still to be fetched from Meta, or could not be.
create table whatsapp_media (
    attachment_id text primary key references attachment (id),
    inbox text not null,
    message_id text not null references message (id),
    media_id text not null,
    sha256 text,
    -- Whether the bot waits for it: a voice note is heard before it is answered.
    waits boolean not null,
    state text not null,
    attempts bigint not null,
    due_at timestamptz not null,
    lease_until timestamptz,
    lease_token text,
    last_error text
);
create index whatsapp_media_due on whatsapp_media (due_at) where state = 'coming';
create index whatsapp_media_message on whatsapp_media (message_id);
