-- The only statement that changes a room's messages. One call, one transaction, an outcome for every item.
--   batch    [{site, post, items: [{i, do, author, was?, cid, ...}]}], each room once
--   returns  {rooms: [{site, post, epoch, from, to, n, first, rows}], outcomes: [{i, n, rev, dup?} | {i, code}]}
-- Indexes are pinned: on a fresh database the planner would cache a sequential scan and fall behind for ever.
create function append(batch jsonb) returns json language plpgsql volatile
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  mark constant text := cluster_mark();
  asked record;
  item record;
  room rooms;
  msg messages;
  now_at timestamptz;
  born bigint;
  code text;
  touched bigint[];
  done bigint[] := '{}';
  n bigint;
  outcomes json[] := '{}';
  changes json[] := '{}';
begin
  insert into rooms (site, post_id)
  select b.site, b.post from jsonb_to_recordset(batch) as b(site text, post text, items jsonb)
  where b.items @> '[{"do":"say"}]'
    and not exists (select from rooms r where r.site = b.site and r.post_id = b.post)
  order by b.site, b.post
  on conflict (site, post_id) do nothing;

  perform from rooms r
  join jsonb_to_recordset(batch) as b(site text, post text) on r.site = b.site and r.post_id = b.post
  order by r.id for no key update of r;

  -- Only statements after the lock see what earlier holders of it committed.
  for asked in select b.* from jsonb_to_recordset(batch) as b(site text, post text, items jsonb) loop
    select r.* into room from rooms r where r.site = asked.site and r.post_id = asked.post;
    if not found then
      outcomes := outcomes || (select array_agg(json_build_object('i', x.i, 'code', 'not_found'))
        from jsonb_to_recordset(asked.items) as x(i int));
      continue;
    end if;
    now_at := greatest(clock_timestamp(), room.last_at);
    touched := '{}';

    insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, reply_to, picture_at, created_at)
    select room.id, room.seq + row_number() over w, room.rev + row_number() over w, s.cid, s.author, s.nick, s.avatar, s.text,
      case when s.re between room.first and room.seq then s.re end, to_timestamp(s.pic / 1000.0), now_at
    from (
      select distinct on (x.author, x.cid) x.* from jsonb_to_recordset(asked.items)
        as x(i int, "do" text, author text, was text, cid text, nick text, avatar text, text text, re bigint, pic bigint)
      where x."do" = 'say' order by x.author, x.cid, x.i
    ) s
    where not exists (select from messages m where m.room_id = room.id and m.anonymous_id = s.author and m.cid = s.cid)
      and not exists (select from messages m where m.room_id = room.id and m.anonymous_id = s.was and m.cid = s.cid)
      and not exists (select from held h where h.room_id = room.id and h.anonymous_id in (s.author, s.was) and h.cid = s.cid)
    window w as (order by s.i);
    get diagnostics born = row_count;

    outcomes := outcomes || coalesce((
      select array_agg(case
        when m.seq is null then json_build_object('i', x.i, 'held', true)
        when m.content <> x.text and m.edited_at is null and m.deleted_at is null then json_build_object('i', x.i, 'code', 'cid_conflict')
        when m.seq <= room.seq or x.again > 1 then json_build_object('i', x.i, 'n', m.seq, 'rev', m.rev, 'dup', true)
        else json_build_object('i', x.i, 'n', m.seq, 'rev', m.rev) end)
      from (
        select y.*, row_number() over (partition by y.author, y.cid order by y.i) as again
        from jsonb_to_recordset(asked.items) as y(i int, "do" text, author text, was text, cid text, text text) where y."do" = 'say'
      ) x
      left join messages m on m.room_id = room.id and m.anonymous_id in (x.author, x.was) and m.cid = x.cid
    ), '{}');
    room.seq := room.seq + born;

    for item in select x.* from jsonb_to_recordset(asked.items)
      as x(i int, "do" text, author text, was text, n bigint, text text, emoji text, "on" boolean)
      where x."do" <> 'say' order by x.i
    loop
      code := null;
      select m.* into msg from messages m where m.room_id = room.id and m.seq = item.n and m.seq >= room.first;
      if not found then
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
          insert into reactions (room_id, seq, author, emoji) values (room.id, msg.seq, item.author, item.emoji) on conflict do nothing;
        end if;
        if code is null and found then touched := touched || msg.seq; end if;
      elsif msg.anonymous_id is distinct from item.author and msg.anonymous_id is distinct from item.was then
        code := 'forbidden';
      elsif item."do" = 'delete' then
        if msg.deleted_at is null then
          born := born + 1;
          update messages m set rev = room.rev + born, content = '', nickname = '', avatar = '', reactions = null, extra = null,
            pinned_at = null, picture_at = null, reply_to = null, edited_at = null, deleted_at = now_at
          where m.room_id = room.id and m.seq = msg.seq;
          delete from edits e where e.room_id = room.id and e.seq = msg.seq;
          delete from reactions r where r.room_id = room.id and r.seq = msg.seq;
        end if;
      elsif msg.deleted_at is not null then
        code := 'not_found';
      elsif msg.content <> item.text then
        born := born + 1;
        insert into edits (room_id, seq, rev, content) values (room.id, msg.seq, msg.rev, msg.content);
        update messages m set rev = room.rev + born, content = item.text, edited_at = now_at
        where m.room_id = room.id and m.seq = msg.seq;
      end if;
      if code is null then
        done := done || array[item.i, item.n];
      else
        outcomes := outcomes || json_build_object('i', item.i, 'code', code);
      end if;
    end loop;

    -- All reactions of the batch to one message are one change.
    for n in select distinct unnest(touched) order by 1 loop
      update messages m set rev = room.rev + born + 1, reactions = (
        select jsonb_object_agg(c.emoji, c.count) from (
          select r.emoji, count(*) from reactions r where r.room_id = room.id and r.seq = n group by r.emoji) c)
      where m.room_id = room.id and m.seq = n and m.deleted_at is null;
      if found then born := born + 1; end if;
    end loop;

    if done <> '{}' then
      outcomes := outcomes || (
        select array_agg(json_build_object('i', done[k], 'n', m.seq, 'rev', m.rev))
        from generate_series(1, cardinality(done), 2) k
        join messages m on m.room_id = room.id and m.seq = done[k + 1]);
      done := '{}';
    end if;
    if born > 0 then
      update rooms r set rev = room.rev + born, seq = room.seq, last_at = now_at where r.id = room.id;
      changes := changes || (
        select json_build_object('site', room.site, 'post', room.post_id, 'epoch', wire_epoch(room.epoch, mark),
          'from', room.rev, 'to', room.rev + born, 'n', room.seq, 'first', room.first, 'rows', json_agg(row_json(m) order by m.rev))
        from messages m where m.room_id = room.id and m.rev > room.rev);
    end if;
  end loop;
  return json_build_object('rooms', array_to_json(changes), 'outcomes', array_to_json(outcomes));
end $$;
