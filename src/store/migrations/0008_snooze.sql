-- Until when a conversation is put aside.
alter table conversation add column snoozed_until timestamptz;
create index conversation_snoozed on conversation (snoozed_until) where status = 'snoozed';
