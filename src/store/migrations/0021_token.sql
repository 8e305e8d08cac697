-- What a program's token is for, who made it, and when it was last used.
alter table api_token add column id text;
alter table api_token add column inboxes text;
alter table api_token add column created_by text;
alter table api_token add column used_at timestamptz;
