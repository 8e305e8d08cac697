-- What a machine heard in a customer's voice note, once for each file; a file without a row was not heard.
create table transcript (
    attachment_id text primary key references attachment (id),
    words text not null,
    model text not null,
    created_at timestamptz not null
);
