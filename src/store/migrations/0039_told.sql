-- What Meta tells by itself of what keeps a number from sending; a look does not see every kind.

alter table whatsapp_number add column told_restriction text;
alter table whatsapp_number add column told_at timestamptz;
