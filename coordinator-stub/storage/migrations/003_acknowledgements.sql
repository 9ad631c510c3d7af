-- The last message that a seat has for good.
create table acknowledgements (
  session_id text not null references sessions on delete cascade,
  seat       smallint not null,
  cursor     bigint not null,
  primary key (session_id, seat)
);
