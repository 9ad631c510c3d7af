-- `document` is a quorate.v1.Session without its id: the wire format is also the storage format, so old rows stay
-- readable for as long as the .proto stays compatible. The columns beside it are what queries select by.
create table sessions (
  session_id     text primary key,
  state          smallint not null,
  expires_at_ms  bigint not null,
  seats          smallint[] not null,
  server_parties text[] not null,
  document       bytea not null,
  -- Cursors are handed out under the row's lock, so they become visible in the order in which they were given.
  last_cursor    bigint not null default 0,
  stored_bytes   bigint not null default 0
);
create index sessions_by_expiry on sessions (expires_at_ms);

create table messages (
  session_id text not null references sessions on delete cascade,
  cursor     bigint not null,
  sender     smallint not null,
  recipient  smallint not null,
  message_id text not null,
  envelope   bytea not null,
  primary key (session_id, cursor),
  unique (session_id, sender, message_id)
);
