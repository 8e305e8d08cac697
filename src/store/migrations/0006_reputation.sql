-- The entry that a decision's draft stands on, so that what people said of drafts from it can be counted.
alter table decision add column entry text;
create index decision_entry on decision (entry) where entry is not null;
