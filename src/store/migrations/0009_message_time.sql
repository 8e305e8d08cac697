-- Messages in the order they came, for the index that finds them.
create index message_received on message (received_at, id);
