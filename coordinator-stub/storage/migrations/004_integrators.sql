-- Sessions that a back-end ordered by REST: who may open them, and as what. The session itself is made by the creator's
-- device, which signs it.
create table reservations (
  session_id    text primary key,
  kind          smallint not null,
  threshold     smallint not null,
  participants  jsonb not null,
  -- signing: the account, and the proposal's content as the back-end asked for it
  account_id    text,
  content       jsonb,
  ordered_by    text not null,
  created_at_ms bigint not null,
  expires_at_ms bigint not null
);
create index reservations_by_expiry on reservations (expires_at_ms);

-- A finished wallet as integrators know it. Where shares are, never shares.
create table accounts (
  account_id    text primary key,
  name          text not null,
  public_key    bytea not null unique,
  threshold     smallint not null,
  participants  jsonb not null,
  suspended     boolean not null default false,
  owned_by      text not null,
  session_id    text not null,
  created_at_ms bigint not null
);
