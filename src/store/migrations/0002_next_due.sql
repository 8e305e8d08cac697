-- Workers look for the next due work all the time, whatever number of conversations waits.
create index turn_next on turn (coalesce(lease_until, due_at)) where state = 'open';
create index outbox_next on outbox (coalesce(lease_until, due_at)) where state in ('queued', 'sending');
