-- The address that a mail wants its answers at, where that is not its sender's: Reply-To, as far as it is none
-- of ours.
alter table mail add column reply_to text;
