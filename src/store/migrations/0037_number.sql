-- How each WhatsApp number fares, as Meta said when it was last looked at or told by itself.
create table whatsapp_number (
    inbox text primary key,
    shown text,
    name text,
    quality text,
    tier text,
    throughput text,
    token_ends timestamptz,
    data_ends timestamptz,
    restriction text,
    problem text,
    looked_at timestamptz,
    heard_at timestamptz,
    -- When some node looks at it again.
    due_at timestamptz not null
);

create index whatsapp_kept_received on whatsapp_kept (received_at);
