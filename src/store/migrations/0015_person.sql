-- Notes on a person, for the team; what is put away can be brought back.
create table contact_note (
    id text primary key,
    contact_id text not null references contact (id),
    agent_id text not null,
    body text not null,
    created_at timestamptz not null,
    removed_at timestamptz
);
create index contact_note_contact on contact_note (contact_id, created_at);

-- The agent who has corrected a name; what the customer or their channel says changes it no more.
alter table contact add column name_by text;
