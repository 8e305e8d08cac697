-- Queues stand in the order of what ends first: the time in which somebody must answer, or the channel's window.
-- The expression is the one of the queues' statements, else no index serves them.
drop index conversation_waiting;
drop index conversation_mine;
create index conversation_first on conversation
    ((case when window_expires_at < due_at then window_expires_at else due_at end), id)
    where status in ('waiting', 'with_agent');
create index conversation_waiting on conversation
    ((case when window_expires_at < due_at then window_expires_at else due_at end), id) where status = 'waiting';
create index conversation_mine on conversation
    (assignee, (case when window_expires_at < due_at then window_expires_at else due_at end), id)
    where status = 'with_agent';
