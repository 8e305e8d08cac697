-- Who of the team uploaded a file, and the message it went with; neither is known of customers' files.
alter table attachment add column agent_id text;
alter table attachment add column message_id text references message (id);
create index attachment_agent on attachment (agent_id, created_at) where agent_id is not null;
