-- Who opened it, as limits count callers; null for whoever calls from the coordinator's own machine.
alter table sessions add column opened_by text;
create index sessions_by_address on sessions (opened_by) where opened_by is not null;
-- How many people are there while a run waits for the server parties; 0: it waits for others.
alter table sessions add column awaits_parties smallint not null default 0;
update sessions set awaits_parties = 1 where state < 4;
-- Whether a run ever began. What never ran leaves nothing behind that anybody would ask for later.
alter table sessions add column has_run boolean not null default true;
-- What each seat has sent.
create table seat_usage (
  session_id text not null references sessions on delete cascade,
  seat       smallint not null,
  bytes      bigint not null,
  primary key (session_id, seat)
);
