-- Whether the inbox knows a contact by a name of its own making, or by the business's own word.
alter table identity add column kind text not null default 'channel';
alter table identity add column verified boolean not null default false;

-- Addresses that a contact gave, or that the business's signed word gives them.
create table contact_email (
    contact_id text not null references contact (id),
    email text not null,
    verified boolean not null,
    said_at timestamptz not null,
    primary key (contact_id, email)
);
