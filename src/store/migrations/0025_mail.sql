-- What a mail tells beside the words of its message; one row for each mail that came in. Our own mails need
-- none: their Message-IDs are made of their messages. `people`, `answers`, `why`, `removed`, `report` and
-- `problems` hold JSON; `original` is the mail as it came, among the stored files.
create table mail (
    message_id text primary key references message (id),
    inbox text not null,
    mail_id text,
    subject text not null,
    address text not null,
    name text,
    people text not null,
    answers text not null,
    kind text not null,
    why text not null,
    auth text not null,
    removed text not null,
    report text,
    problems text not null,
    original text
);
create index mail_by_id on mail (inbox, mail_id) where mail_id is not null;
