-- A message may travel in several parts: so many of them the channel has taken, and none of those is sent again.
alter table outbox add column parts bigint not null default 0;

-- Until when news may settle an attempt of unknown end; only then a person is asked.
alter table outbox add column settle_at timestamptz;
create index outbox_settle on outbox (settle_at) where settle_at is not null;
