-- The address that a message of ours is sent to, where the channel has several for one contact: the one that
-- was counted and checked when the message was put into the outbox.
alter table outbox add column recipient text;
create index outbox_recipient on outbox (inbox, recipient, created_at) where recipient is not null;

-- What is known against writing to an address: mails came back (`bounced`), or were called spam (`complained`).
create table address_mark (
    address text not null,
    mark text not null,
    since timestamptz not null,
    status text,
    words text not null,
    primary key (address, mark)
);
