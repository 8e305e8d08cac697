-- How far each mailbox has been read, and which node reads it.
create table mailbox (
    inbox text not null,
    folder text not null,
    -- While it is the same, an identifier names the same mail; none before the first look.
    validity bigint,
    last_uid bigint not null,
    -- What came before this is not read, after the server has counted anew.
    not_before timestamptz,
    begun_at timestamptz not null,
    newest_at timestamptz,
    owner text,
    lease_until timestamptz,
    primary key (inbox, folder)
);
