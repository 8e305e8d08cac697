-- Words that agents use again and again; with an owner they are one person's, without one everybody's.
create table saved_reply (
    id text primary key,
    owner_id text,
    title text not null,
    body text not null,
    lang text,
    shortcut text,
    written_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    removed_at timestamptz
);
create index saved_reply_title on saved_reply (title) where removed_at is null;
create unique index saved_reply_shortcut on saved_reply (coalesce(owner_id, ''), shortcut) where removed_at is null and shortcut is not null;
