-- Since when a customer waits for a person's word, and when somebody must have answered at the latest; both
-- or neither. What waits already is reckoned when the program starts.
alter table conversation add column due_since timestamptz;
alter table conversation add column due_at timestamptz;
update conversation set due_since = coalesce(waiting_since, updated_at) where status = 'waiting';

-- Each queue in its order, whatever number of conversations waits.
create index conversation_open on conversation (due_at, id) where status in ('waiting', 'with_agent');
create index conversation_waiting on conversation (due_at, id) where status = 'waiting';
create index conversation_mine on conversation (assignee, due_at, id) where status = 'with_agent';
create index conversation_updated on conversation (updated_at, id);
create index draft_waiting on draft (conversation_id) where state = 'proposed';
create index audit_conversation on audit (conversation_id);
