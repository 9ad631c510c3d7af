-- Counts the changes of a session's row: who has read one writes on condition that it is still that one.
alter table sessions add column revision bigint not null default 0;
-- When its messages are of no use any more, and whether they have been removed.
alter table sessions add column ended_at_ms bigint;
alter table sessions add column is_emptied boolean not null default false;
create index sessions_to_empty on sessions (ended_at_ms) where not is_emptied;
-- 4: quorate.v1.SESSION_STATE_COMPLETED, the first of the states in which a session has ended
create index sessions_that_live on sessions (expires_at_ms) where state < 4;
-- Envelopes are encrypted or random: trying to compress them takes longer than writing them.
alter table messages alter column envelope set storage external;
