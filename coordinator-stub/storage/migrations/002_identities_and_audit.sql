-- Signing keys, in lower-case hex, of identities that were offered a seat: by these they are told of it.
alter table sessions add column identities text[] not null default '{}';
-- quorate.v1.SessionKind
alter table sessions add column kind smallint not null default 1;

-- What happened in sessions, in the words of those who reported it: who joined, approved, stopped and why, whom they
-- waited for. Outlives the sessions. Nothing here is secret, and nothing here is ever changed.
create table audit (
  entry      bigint generated always as identity primary key,
  at_ms      bigint not null,
  session_id text not null,
  seat       smallint not null,
  event      text not null,
  details    jsonb not null
);
create index audit_by_session on audit (session_id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end
$$;
create trigger audit_is_append_only before update or delete on audit for each row execute function refuse_change();
