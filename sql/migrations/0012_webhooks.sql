-- Who is told of what happens, and what waits to be told. What is told is not kept here: it is read when it goes out, so
-- that what was deleted meanwhile is not in it.
create table webhooks (
  id bigint generated always as identity primary key,
  site text,
  post_id varchar(255),
  url text not null,
  kind text not null check (kind in ('json', 'slack', 'discord', 'telegram')),
  events jsonb not null,
  lang text not null check (lang in ('ko', 'en')),
  made_by bigint not null,
  created_at timestamptz not null default now(),
  off_at timestamptz,
  check (site is not null or post_id is null)
);
comment on column webhooks.site is 'null: every site';
comment on column webhooks.made_by is 'the owner in whose name its links approve and refuse';
comment on column webhooks.off_at is 'its receiver said that it is gone (410)';

-- No reference to webhooks: who says something must not wait for, or fail by, a webhook that is being deleted.
create table webhook_queue (
  id bigint generated always as identity primary key,
  webhook_id bigint not null,
  event text not null,
  room_id bigint not null,
  ref jsonb not null,
  created_at timestamptz not null default now(),
  tried_from timestamptz not null default now(),
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  dead_at timestamptz,
  error text
);
create index idx_webhook_queue_due on webhook_queue (webhook_id, next_at) where dead_at is null;
create index idx_webhook_queue_webhook on webhook_queue (webhook_id, id);
comment on column webhook_queue.ref is 'which message, act or waiting words; never the words, nor whose they are';
comment on column webhook_queue.tried_from is 'a day after it is given up; another when somebody asks for it again';
comment on column webhook_queue.next_at is 'when it is tried (again); a try under way has moved it on by its lease';

-- Chats are told of a room's messages together: from which one to which, and when.
create table webhook_digests (
  webhook_id bigint not null,
  room_id bigint not null,
  from_seq bigint not null,
  to_seq bigint not null,
  due_at timestamptz not null,
  primary key (webhook_id, room_id)
);
create index idx_webhook_digests_due on webhook_digests (due_at);

-- Words that wait get a number, by which they are named where nobody shall learn whose they are.
alter table held add column id bigint generated always as identity;
create unique index idx_held_id on held (id);

create function hooks_of(in_room bigint, in_event text) returns setof webhooks language sql stable
begin atomic
  select w.* from webhooks w join rooms r on r.id = in_room
  where w.off_at is null and w.events ? in_event and (w.site is null or w.site = r.site) and (w.post_id is null or w.post_id = r.post_id);
end;

-- False too where an import says so: what is brought along is no news.
create function has_hooks() returns boolean language sql stable
return coalesce(current_setting('aside.quiet', true), '') <> 'on' and exists (select from webhooks w where w.off_at is null);

-- Into the queue, in the transaction of what happened. Where there are no webhooks it costs one look at an empty table.
create function queue_said() returns trigger language plpgsql as $$
begin
  if not has_hooks() then
    return null;
  end if;
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'message', f.room_id, jsonb_build_object('n', f.seq) from fresh f, hooks_of(f.room_id, 'message') w where w.kind = 'json' or f.seq = 1 order by f.room_id, f.seq;
  -- In a chat: the first at once, the others together ten minutes later.
  insert into webhook_digests as d (webhook_id, room_id, from_seq, to_seq, due_at)
  select w.id, f.room_id, min(f.seq), max(f.seq), now() + interval '10 minutes' from fresh f, hooks_of(f.room_id, 'message') w
  where w.kind <> 'json' and f.seq > 1 group by w.id, f.room_id order by w.id, f.room_id
  on conflict (webhook_id, room_id) do update set to_seq = excluded.to_seq;
  return null;
end $$;
create trigger messages_told after insert on messages referencing new table as fresh for each statement execute function queue_said();

create function queue_held() returns trigger language plpgsql as $$
begin
  if not has_hooks() then
    return null;
  end if;
  -- In a raid hundreds wait: a chat is told of so many only.
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'held', f.room_id, jsonb_build_object('id', f.id) from fresh f, hooks_of(f.room_id, 'held') w
  where w.kind = 'json' or (select count(*) from held h where h.room_id = f.room_id and h.refused is null and h.id <= f.id) <= 10 order by f.id;
  return null;
end $$;
create trigger held_told after insert on held referencing new table as fresh for each statement execute function queue_held();

create function queue_reported() returns trigger language plpgsql as $$
begin
  if not has_hooks() then
    return null;
  end if;
  -- A chat is told of a message once.
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'report', f.room_id, jsonb_build_object('n', f.seq) from (select distinct room_id, seq from fresh) f, hooks_of(f.room_id, 'report') w
  where w.kind = 'json' or (select count(*) from reports p where p.room_id = f.room_id and p.seq = f.seq and p.settled is null) = 1;
  return null;
end $$;
create trigger reports_told after insert on reports referencing new table as fresh for each statement execute function queue_reported();

create function queue_banned() returns trigger language plpgsql as $$
begin
  if not has_hooks() then
    return null;
  end if;
  -- A ban of a whole site is told of where it was done.
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'ban', a.room_id, jsonb_build_object('act', f.act) from fresh f join audit a on a.id = f.act, hooks_of(a.room_id, 'ban') w where f.network is null;
  return null;
end $$;
create trigger bans_told after insert on bans referencing new table as fresh for each statement execute function queue_banned();

create function queue_stream() returns trigger language plpgsql as $$
begin
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'stream', new.id, '{}' from hooks_of(new.id, 'stream') w where has_hooks();
  return null;
end $$;
create trigger rooms_streamed after update of stream on rooms for each row
  when (old.stream is distinct from new.stream) execute function queue_stream();
