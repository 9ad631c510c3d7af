-- Whose shares sign for an account's wallet, and whose signed before: by them the certificate of the next epoch is judged.
alter table accounts add column epochs jsonb;

-- Sessions for new shares of an account's wallet, each proposed by a member of it. The session itself says how far it is.
create table reshares (
  session_id     text not null,
  account_id     text not null,
  proposed_at_ms bigint not null,
  primary key (session_id, account_id)
);
create index reshares_by_account on reshares (account_id, proposed_at_ms);
