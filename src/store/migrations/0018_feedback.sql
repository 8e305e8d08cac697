-- What customers said of automatic answers.
create table message_feedback (
    message_id text primary key references message (id),
    helpful boolean not null,
    said_at timestamptz not null
);
