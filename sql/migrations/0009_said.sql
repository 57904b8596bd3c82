-- `append` again, at a third of what a message cost: where nothing of a room's part was said before, its messages are
-- numbered as they stand, and their rows and outcomes, which who sent them can tell, do not come back.
--   batch    [{site, post, items: [{i, do, author, was?, cid, ...}]}], each room once
--   returns  {rooms: [{site, post, epoch, from, to, n, first, said, at, rows}], outcomes: [{i, n, rev, dup?} | {i, held} | {i, code}]}
--   said     so many are new and in none of the two lists: in order of i they are numbers n - said + 1 .. n and
--            changes from + 1 .. from + said, all written at `at`; a row among `rows` says how such a one was changed since
-- Plans are pinned as before.
create or replace function append(batch jsonb) returns json language plpgsql volatile
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
  set enable_sort = off set enable_incremental_sort = off set jit = off
as $$
declare
  mark constant text := cluster_mark();
  asked record;
  item record;
  locked rooms[];
  room rooms;
  many bigint;
  again boolean;
  says said[];
  msg messages;
  spot tid;
  now_at timestamptz;
  born bigint;
  code text;
  touched bigint[];
  touch bigint;
  done bigint[];
  outcomes json[] := '{}';
  rows json;
  changes json[] := '{}';
begin
  if exists (select from jsonb_to_recordset(batch) as b(site text, post text)
    where not exists (select from rooms r where r.site = b.site and r.post_id = b.post)) then
    insert into rooms (site, post_id)
    select b.site, b.post from jsonb_to_recordset(batch) as b(site text, post text, items jsonb)
    where b.items @> '[{"do":"say"}]'
      and not exists (select from rooms r where r.site = b.site and r.post_id = b.post)
    order by b.site, b.post
    on conflict (site, post_id) do nothing;
  end if;

  -- Each as its last holder left it: a row that is waited for is read again.
  select array_agg(l.r) into locked from (
    select r from rooms r
    join jsonb_to_recordset(batch) as b(site text, post text) on r.site = b.site and r.post_id = b.post
    order by r.id for no key update of r) l;

  -- Only statements after the lock see what earlier holders of it committed.
  for asked in select b.* from jsonb_to_recordset(batch) as b(site text, post text, items jsonb) loop
    room := (select r from unnest(locked) r where r.site = asked.site and r.post_id = asked.post);
    if room.id is null then
      outcomes := outcomes || (select array_agg(json_build_object('i', x.i, 'code', 'not_found'))
        from jsonb_to_recordset(asked.items) as x(i int));
      continue;
    end if;
    now_at := greatest(clock_timestamp(), room.last_at);
    born := 0;
    touched := '{}';
    done := '{}';

    -- Is anything said that was said before, here or in the batch itself?
    select coalesce(sum(g.times), 0), coalesce(bool_or(g.times > 1
        or exists (select from (
          select m.anonymous_id, m.cid from messages m
          where m.room_id = room.id and (m.anonymous_id, m.cid) >= (g.author, g.cid) order by m.anonymous_id, m.cid limit 1
        ) l where l.anonymous_id = g.author and l.cid = g.cid)
        or g.was is not null and exists (select from (
          select m.anonymous_id, m.cid from messages m
          where m.room_id = room.id and (m.anonymous_id, m.cid) >= (g.was, g.cid) order by m.anonymous_id, m.cid limit 1
        ) l where l.anonymous_id = g.was and l.cid = g.cid)
        or exists (select from held h where h.room_id = room.id and h.anonymous_id in (g.author, g.was) and h.cid = g.cid)), false)
      into many, again
    from (
      select x.author, x.cid, max(x.was) as was, count(*) as times
      from jsonb_to_recordset(asked.items) as x("do" text, author text, was text, cid text)
      where x."do" = 'say' group by x.author, x.cid
    ) g;

    if not again and many > 0 then
      -- As nearly always no: then each is the next, and who sent it knows its row.
      insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, reply_to, picture_at, created_at)
      select room.id, room.seq + s.k, room.rev + s.k, s.cid, s.author, s.nick, s.avatar, s.text,
        case when s.re between room.first and room.seq then s.re end, to_timestamp(s.pic / 1000.0), now_at
      from (
        select x.*, row_number() over (order by x.i) as k from jsonb_to_recordset(asked.items)
          as x(i int, "do" text, author text, cid text, nick text, avatar text, text text, re bigint, pic bigint)
        where x."do" = 'say'
      ) s;
      born := many;
      room.seq := room.seq + born;
    elsif again then
      many := 0;
      -- The same author and cid again within the batch shares the outcome of the first.
      select array_agg((s.i, s.author, s.cid, s.nick, s.avatar, s.text, s.re, s.pic, s.fresh,
          case when s.seq is null then room.seq + s.k else s.seq end, case when s.seq is null then room.rev + s.k else s.rev end,
          s.held, s.conflict)::said order by s.i)
        into says
      from (
        select f.*, max(case when f.fresh then f.born end) over (partition by f.author, f.cid) as k from (
          select e.*, count(*) filter (where e.fresh) over (order by e.i) as born from (
            select x.*, m.seq, m.rev, m.seq is null and h.held as held,
              m.seq is null and not h.held and row_number() over same = 1 as fresh,
              case when m.seq is null then first_value(x.text) over same <> x.text
                else m.content <> x.text and m.edited_at is null and m.deleted_at is null end as conflict
            from jsonb_to_recordset(asked.items)
              as x(i int, "do" text, author text, was text, cid text, nick text, avatar text, text text, re bigint, pic bigint)
            left join lateral (
              select l.* from (values (x.author), (x.was)) as a(id), lateral (
                select m.* from messages m
                where m.room_id = room.id and (m.anonymous_id, m.cid) >= (a.id, x.cid) order by m.anonymous_id, m.cid limit 1
              ) l where l.anonymous_id = a.id and l.cid = x.cid limit 1
            ) m on true
            cross join lateral (select exists (select from held h
              where h.room_id = room.id and h.anonymous_id in (x.author, x.was) and h.cid = x.cid) as held) h
            where x."do" = 'say'
            window same as (partition by x.author, x.cid order by x.i)
          ) e
        ) f
      ) s;

      insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, reply_to, picture_at, created_at)
      select room.id, s.seq, s.rev, s.cid, s.author, s.nick, s.avatar, s.text,
        case when s.re between room.first and room.seq then s.re end, to_timestamp(s.pic / 1000.0), now_at
      from unnest(says) s where s.fresh;
      get diagnostics born = row_count;
      outcomes := outcomes || (
        select array_agg(case
          when s.conflict then json_build_object('i', s.i, 'code', 'cid_conflict')
          when s.held then json_build_object('i', s.i, 'held', true)
          when s.fresh then json_build_object('i', s.i, 'n', s.seq, 'rev', s.rev)
          else json_build_object('i', s.i, 'n', s.seq, 'rev', s.rev, 'dup', true) end)
        from unnest(says) s);
      room.seq := room.seq + born;
    end if;

    for item in select x.* from jsonb_to_recordset(asked.items)
      as x(i int, "do" text, author text, was text, n bigint, text text, emoji text, "on" boolean)
      where jsonb_array_length(asked.items) > many and x."do" <> 'say' order by x.i
    loop
      code := null;
      select m.ctid into spot from messages m where m.room_id = room.id and m.seq >= item.n order by m.seq limit 1;
      select m.* into msg from messages m where m.ctid = spot;
      if msg.seq is distinct from item.n or item.n < room.first then
        code := 'not_found';
      elsif item."do" = 'react' then
        if msg.deleted_at is not null then
          code := 'not_found';
        elsif not item."on" then
          delete from reactions r where r.room_id = room.id and r.seq = msg.seq and r.emoji = item.emoji and r.author in (item.author, item.was);
        elsif not exists (select from reactions r where r.room_id = room.id and r.seq = msg.seq and r.emoji = item.emoji)
          and (select count(distinct r.emoji) from reactions r where r.room_id = room.id and r.seq = msg.seq) >= 30 then
          code := 'bad_emoji';
        else
          insert into reactions (room_id, seq, author, emoji)
          select room.id, msg.seq, item.author, item.emoji where not exists (select from reactions r
            where r.room_id = room.id and r.seq = msg.seq and r.emoji = item.emoji and r.author = item.was)
          on conflict do nothing;
        end if;
        if code is null and found then touched := touched || msg.seq; end if;
      elsif msg.anonymous_id is distinct from item.author and msg.anonymous_id is distinct from item.was then
        code := 'forbidden';
      elsif item."do" = 'delete' then
        if msg.deleted_at is null then
          born := born + 1;
          update messages m set rev = room.rev + born, content = '', nickname = '', avatar = '', reactions = null, extra = null,
            pinned_at = null, picture_at = null, reply_to = null, edited_at = null, deleted_at = now_at
          where m.ctid = spot;
          delete from edits e where e.room_id = room.id and e.seq = msg.seq;
          delete from reactions r where r.room_id = room.id and r.seq = msg.seq;
        end if;
      elsif msg.deleted_at is not null then
        code := 'not_found';
      elsif msg.content <> item.text then
        born := born + 1;
        insert into edits (room_id, seq, rev, content) values (room.id, msg.seq, msg.rev, msg.content);
        update messages m set rev = room.rev + born, content = item.text, edited_at = now_at where m.ctid = spot;
      end if;
      if code is null then
        done := done || array[item.i, item.n];
      else
        outcomes := outcomes || json_build_object('i', item.i, 'code', code);
      end if;
    end loop;

    -- All reactions of the batch to one message are one change.
    if cardinality(touched) > 0 then
      for touch in select distinct unnest(touched) loop
        select m.ctid into spot from messages m where m.room_id = room.id and m.seq >= touch order by m.seq limit 1;
        update messages m set rev = room.rev + born + 1, reactions = (
          select jsonb_object_agg(c.emoji, c.count) from (
            select r.emoji, count(*) from reactions r where r.room_id = room.id and r.seq = touch group by r.emoji) c)
        where m.ctid = spot and m.deleted_at is null;
        if found then born := born + 1; end if;
      end loop;
    end if;

    for k in 1 .. cardinality(done) by 2 loop
      select m.* into msg from messages m where m.room_id = room.id and m.seq >= done[k + 1] order by m.seq limit 1;
      outcomes := outcomes || json_build_object('i', done[k], 'n', msg.seq, 'rev', msg.rev);
    end loop;
    if born > 0 then
      update rooms r set rev = room.rev + born, seq = room.seq, last_at = now_at where r.id = room.id;
      rows := '[]';
      if born > many then
        select json_agg(row_json(m)) into rows
        from (select m.* from messages m where m.room_id = room.id and m.rev > room.rev + many order by m.rev) m;
      end if;
      changes := changes || json_build_object('site', room.site, 'post', room.post_id, 'epoch', wire_epoch(room.epoch, mark),
        'from', room.rev, 'to', room.rev + born, 'n', room.seq, 'first', room.first, 'said', many, 'at', ms(now_at), 'rows', rows);
    end if;
  end loop;
  return json_build_object('rooms', array_to_json(changes), 'outcomes', array_to_json(outcomes));
end $$;

-- It served nobody and was a quarter of what a new row costs: times rise with numbers, so `seq_at` finds a moment without it.
drop index idx_messages_room_created_at;
