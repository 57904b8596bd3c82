-- What one wrote, to take along and to take back; and an end for what is old.

-- Nobody: whose messages these were is said no more. No keyed hash comes out as this.
create function nobody() returns text language sql immutable parallel safe
return 'aaaaaaaaaaaaaaaa';

-- A person in the erasure log: found again by who knows the public id, and by nobody else.
create function person_of(site text, author text) returns text language sql immutable parallel safe
return left(encode(sha256(convert_to('erased' || chr(10) || site || chr(10) || author, 'UTF8')), 'hex'), 32);

-- What must be done again to a database that comes back from an older copy: a person's erasure, or a message's final deletion.
create table erasures (
  id bigint generated always as identity primary key,
  site text not null,
  person text,
  post_id varchar(255),
  seq bigint,
  said_at timestamptz,
  erased_at timestamptz not null default now(),
  check ((person is null) <> (post_id is null or seq is null or said_at is null))
);
create index idx_erasures_at on erasures (erased_at);
comment on column erasures.person is 'a hash of the public id; null: one message was deleted';
comment on column erasures.said_at is 'after a restore the same number may be another message''s';

create index idx_reactions_author on reactions (author, room_id);
create index idx_reports_author on reports (author, room_id);
create index idx_audit_who on audit ((detail->>'who')) where detail ? 'who';
create index idx_audit_at on audit (created_at);

-- A deletion is final when nobody can undo it: an author's own at once, a moderator's when what was removed is forgotten.
create function note_deletion(in_room bigint, in_seq bigint) returns void language sql volatile
begin atomic
  insert into erasures (site, post_id, seq, said_at)
  select r.site, r.post_id, m.seq, m.created_at from messages m join rooms r on r.id = m.room_id
  where m.room_id = in_room and m.seq = in_seq and m.seq >= r.first and m.deleted_at is not null and m.anonymous_id <> nobody()
    and not exists (select from removed g where g.room_id = m.room_id and g.seq = m.seq);
end;
create function note_deleted() returns trigger language plpgsql as $$
begin
  perform note_deletion(new.room_id, new.seq);
  return null;
end $$;
create function note_forgotten() returns trigger language plpgsql as $$
begin
  perform note_deletion(old.room_id, old.seq);
  return null;
end $$;
create trigger messages_deleted after update of deleted_at on messages for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function note_deleted();
create trigger removed_forgotten after delete on removed for each row execute function note_forgotten();

-- Of what was done, who it was done to may be taken out when they erase themselves, and a year later all of it. Nothing else.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.created_at < now() - interval '1 year' then
    return old;
  end if;
  if tg_op = 'UPDATE' and to_jsonb(new) - 'detail' = to_jsonb(old) - 'detail' and new.detail = old.detail - '{who,what,reason}'::text[] then
    return new;
  end if;
  raise exception 'the audit is append-only';
end $$;

-- Where a person left anything, of the site's next rooms behind one: {rooms: [{id, site, post}], last: null when there are no more}.
-- So many rooms a call, however few of them are theirs: a site may have a million.
create function rooms_of(in_site text, in_ids jsonb, after bigint) returns json language sql stable
begin atomic
  with looked as (
    select r.id, r.site, r.post_id from rooms r where r.site = in_site and r.id > after order by r.id limit 1000
  ), person as (
    select x as author from jsonb_array_elements_text(in_ids) x
  )
  select json_build_object('last', (select max(l.id) from looked l), 'rooms', coalesce((
    select json_agg(json_build_object('id', l.id, 'site', l.site, 'post', l.post_id) order by l.id) from looked l where
      exists (select from messages m where m.room_id = l.id and m.anonymous_id in (select author from person))
      or exists (select from held h where h.room_id = l.id and h.anonymous_id in (select author from person))
      or exists (select from reactions x where x.room_id = l.id and x.author in (select author from person))
      or exists (select from reports p where p.room_id = l.id and p.author in (select author from person))), '[]'));
end;

-- As `row_json` tells rows: the room as it stands after a change of the numbers above `from`.
create function commit_json(room rooms, in_from bigint) returns json language sql stable
return json_build_object('epoch', wire_epoch(room.epoch, cluster_mark()), 'from', in_from, 'rev', room.rev, 'n', room.seq, 'first', room.first,
  'rows', (select coalesce(json_agg(row_json(m) order by m.rev), '[]') from messages m where m.room_id = room.id and m.rev > in_from and m.seq >= room.first));

-- One step of an erasure in one room: at most 200 of their messages, as many of their reactions, and what is beside them. The room's row is
-- locked first. What stands loses its words under a number of its own, so that everybody is told; what was deleted loses its author.
--   until    nothing that was said later
--   returns  {messages, reactions, held, more, commit: null where no reader could see any of it}
create function erase_step(in_room bigint, in_ids jsonb, until timestamptz) returns json language plpgsql volatile
  set enable_seqscan = off
as $$
declare
  step constant int := 200;
  ids constant text[] := (select array_agg(x) from jsonb_array_elements_text(in_ids) x);
  room rooms;
  now_at timestamptz;
  came bigint;
  picked bigint[];
  stood bigint[];
  signs bigint[];
  gone bigint;
  waited bigint;
  told bigint;
begin
  select r.* into room from rooms r where r.id = in_room for no key update;
  if not found then
    return null;
  end if;
  now_at := greatest(clock_timestamp(), room.last_at);
  came := room.rev;

  select array_agg(f.seq), coalesce(array_agg(f.seq order by f.seq) filter (where f.deleted_at is null and f.seq >= room.first), '{}') into picked, stood
  from (select m.seq, m.deleted_at from messages m where m.room_id = room.id and m.anonymous_id = any (ids) and m.created_at <= until limit step) f;
  update messages m set rev = coalesce(room.rev + s.k, m.rev), cid = 'erased-' || lpad(m.seq::text, 12, '0'), anonymous_id = nobody(), content = '', nickname = '', avatar = '',
    reactions = null, extra = null, pinned_at = null, picture_at = null, reply_to = null, edited_at = null, deleted_at = coalesce(m.deleted_at, now_at)
  from unnest(picked) p(seq) left join unnest(stood) with ordinality s(seq, k) on s.seq = p.seq
  where m.room_id = room.id and m.seq = p.seq;
  room.rev := room.rev + cardinality(stood);
  delete from edits e where e.room_id = room.id and e.seq = any (picked);
  delete from removed g where g.room_id = room.id and g.seq = any (picked);
  delete from reactions x where x.room_id = room.id and x.seq = any (picked);
  delete from reports p where p.room_id = room.id and p.seq = any (picked);

  -- Their signs on others' words: all of one message are one change.
  with found as (
    select x.ctid from reactions x where x.author = any (ids) and x.room_id = room.id and x.created_at <= until limit step
  ), taken as (
    delete from reactions x using found f where x.ctid = f.ctid returning x.seq
  )
  select count(*), coalesce(array_agg(distinct t.seq), '{}') into gone, signs from taken t;
  update messages m set rev = room.rev + s.k, reactions = (
    select jsonb_object_agg(c.emoji, c.count) from (
      select x.emoji, count(*) from reactions x where x.room_id = room.id and x.seq = m.seq group by x.emoji) c)
  from (select t.seq, row_number() over (order by t.seq) as k from unnest(signs) t(seq)
    join messages o on o.room_id = room.id and o.seq = t.seq and o.deleted_at is null where t.seq >= room.first) s
  where m.room_id = room.id and m.seq = s.seq;
  get diagnostics told = row_count;
  room.rev := room.rev + told;

  with away as (
    delete from held h where h.room_id = room.id and h.anonymous_id = any (ids) and h.created_at <= until returning 1
  )
  select count(*) into waited from away;
  delete from reports p where p.author = any (ids) and p.room_id = room.id and p.created_at <= until;

  if room.rev > came then
    update rooms r set rev = room.rev, last_at = now_at where r.id = room.id;
  end if;
  return json_build_object('messages', cardinality(stood), 'reactions', gone, 'held', waited,
    'more', coalesce(cardinality(picked), 0) = step or gone = step, 'commit', case when room.rev > came then commit_json(room, came) end);
end $$;

-- What a site keeps of a person outside its rooms. A ban that stands does so until its end.
create function erase_marks(in_site text, ids text[]) returns void language sql volatile
begin atomic
  update audit a set detail = a.detail - '{who,what,reason}'::text[] where a.site = in_site and a.detail ? 'who' and a.detail->>'who' = any (ids);
  delete from bans b where b.site = in_site and b.author = any (ids) and (b.lifted_at is not null or b.until <= now());
end;

-- Does again what the log tells, to a database that came back from an older copy: one room a call, in steps. `after`: the room that was
-- done last; null is returned when nothing is left.
--   log      [{at, site, person} | {at, site, room, n, said}], times in ms
create function reapply_erasures(log jsonb, after bigint) returns bigint language plpgsql volatile as $$
declare
  room rooms;
  line record;
  gone bigint := 0;
  who record;
  told json;
begin
  select r.* into room from rooms r
  where r.id > after and r.site in (select l.site from jsonb_to_recordset(log) as l(site text)) order by r.id limit 1;
  if not found then
    for who in select distinct a.site, a.who from (
        select b.site, b.author as who from bans b union select a.site, a.detail->>'who' from audit a where a.detail ? 'who') a
      join jsonb_to_recordset(log) as l(site text, person text) on l.site = a.site and l.person = person_of(a.site, a.who)
    loop
      perform erase_marks(who.site, array[who.who]);
    end loop;
    insert into erasures (site, person, post_id, seq, said_at, erased_at)
    select l.site, l.person, l.room, l.n, to_timestamp(l.said / 1000.0), to_timestamp(l.at / 1000.0)
    from jsonb_to_recordset(log) as l(site text, person text, room text, n bigint, said bigint, at bigint)
    where not exists (select from erasures e where e.site = l.site and e.person is not distinct from l.person and e.post_id is not distinct from l.room and e.seq is not distinct from l.n);
    return null;
  end if;
  select r.* into room from rooms r where r.id = room.id for no key update;

  for line in select distinct m.seq from jsonb_to_recordset(log) as l(site text, room text, n bigint, said bigint)
    join messages m on m.room_id = room.id and m.seq = l.n and ms(m.created_at) = l.said
    where l.site = room.site and l.room = room.post_id
  loop
    -- Its own words, and what a moderator took away that is kept no more.
    delete from removed g where g.room_id = room.id and g.seq = line.seq;
    delete from edits e where e.room_id = room.id and e.seq = line.seq;
    delete from reactions x where x.room_id = room.id and x.seq = line.seq;
    update messages m set rev = room.rev + gone + 1, content = '', nickname = '', avatar = '', reactions = null, extra = null,
      pinned_at = null, picture_at = null, reply_to = null, edited_at = null, deleted_at = clock_timestamp()
    where m.room_id = room.id and m.seq = line.seq and m.deleted_at is null;
    if found then gone := gone + 1; end if;
  end loop;
  if gone > 0 then
    update rooms r set rev = r.rev + gone, last_at = greatest(clock_timestamp(), r.last_at) where r.id = room.id;
  end if;

  for who in select w.author, max(l.at) as at from (
      select m.anonymous_id as author from messages m where m.room_id = room.id
      union select h.anonymous_id from held h where h.room_id = room.id
      union select x.author from reactions x where x.room_id = room.id
      union select p.author from reports p where p.room_id = room.id) w
    join jsonb_to_recordset(log) as l(site text, person text, at bigint) on l.site = room.site and l.person = person_of(room.site, w.author)
    group by w.author
  loop
    told := erase_step(room.id, jsonb_build_array(who.author), to_timestamp((who.at + 1) / 1000.0));
    if (told->>'more')::boolean then
      return after;
    end if;
  end loop;
  return room.id;
end $$;

-- Messages from before are there no more, for anybody: one numbered change. Null where there are none.
create function expire(in_room bigint, before timestamptz) returns json language plpgsql volatile as $$
declare
  room rooms;
  keeps bigint;
begin
  select r.* into room from rooms r where r.id = in_room for no key update;
  keeps := seq_at(room, ms(before) - 1) + 1;
  if keeps is null or keeps <= room.first then
    return null;
  end if;
  update rooms r set first = keeps, rev = r.rev + 1, last_at = greatest(clock_timestamp(), r.last_at) where r.id = room.id returning r.* into room;
  return commit_json(room, room.rev - 1);
end $$;

-- Deletes what no reader is given any more, without the room's lock: at most `step` messages with all that belongs to them.
create function sweep_expired(in_room bigint, step int) returns bigint language sql volatile
begin atomic
  with gone as (
    delete from messages m where m.room_id = in_room and m.seq in (
      select o.seq from messages o join rooms r on r.id = o.room_id where o.room_id = in_room and o.seq < r.first order by o.seq limit step)
    returning m.seq
  ), signs as (
    delete from reactions x using gone g where x.room_id = in_room and x.seq = g.seq
  ), forms as (
    delete from edits e using gone g where e.room_id = in_room and e.seq = g.seq
  ), words as (
    delete from removed d using gone g where d.room_id = in_room and d.seq = g.seq
  ), told as (
    delete from reports p using gone g where p.room_id = in_room and p.seq = g.seq
  )
  select count(*) from gone;
end;
