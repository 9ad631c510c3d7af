-- Requests that wait: sealed entries, which nothing here can read, and what is needed to find and to bound them. Locators, ids
-- and mailboxes are hex digits.
create table mailbox_keys (
  locator       text not null,
  position      smallint not null,
  mailbox       text not null,
  record        bytea not null,
  opened_by     text,
  created_at_ms bigint not null,
  primary key (locator, position)
);
create index mailbox_keys_by_mailbox on mailbox_keys (mailbox);
create index mailbox_keys_by_address on mailbox_keys (opened_by) where opened_by is not null;

create table requests (
  mailbox          text not null,
  request_id       text not null,
  expires_at_ms    bigint not null,
  entries          integer not null,
  stored_bytes     bigint not null,
  opened_by        text,
  -- Who opens a session for it now: a claim, until its lease ends.
  meeting          text,
  meeting_until_ms bigint not null default 0,
  primary key (mailbox, request_id)
);
create index requests_by_end on requests (expires_at_ms);
create index requests_by_address on requests (opened_by) where opened_by is not null;

create table request_entries (
  mailbox    text not null,
  request_id text not null,
  position   integer not null,
  entry      bytea not null,
  primary key (mailbox, request_id, position),
  foreign key (mailbox, request_id) references requests on delete cascade
);
