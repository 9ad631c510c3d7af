-- What a back-end has asked for under an Idempotency-Key, and what it was answered, for 24 hours. Neither the key nor the
-- answer can be read from here: the answer is sealed under the key, of which the table has a hash.
create table idempotency (
  caller      text not null,
  key_hash    bytea not null,
  request     bytea not null,
  -- null while the request is being answered
  answer      bytea,
  begun_at_ms bigint not null,
  primary key (caller, key_hash)
);
create index idempotency_by_age on idempotency (begun_at_ms);
