-- Up to which record of each node's spool all are in these tables.
create table spool (
    node text primary key,
    stored bigint not null
);
