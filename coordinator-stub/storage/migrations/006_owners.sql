-- Back-ends know nothing of each other: the same wallet may be an account of several, and none can take it from another.
alter table accounts drop constraint accounts_public_key_key;
alter table accounts add unique (owned_by, public_key);
-- Whose sessions the audit log is asked for.
create index reservations_by_owner on reservations (ordered_by);
