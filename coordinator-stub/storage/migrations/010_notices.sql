-- What members tell the others of their wallet of themselves: one sealed entry for each seat of a mailbox.
create table mailbox_notices (
  mailbox      text not null,
  seat         smallint not null,
  version      bigint not null,
  entry        bytea not null,
  opened_by    text,
  primary key (mailbox, seat)
);
create index mailbox_notices_by_address on mailbox_notices (opened_by) where opened_by is not null;
