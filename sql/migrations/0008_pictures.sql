-- Messages by the picture they belong to: the one they say, else the one their author probably saw.
-- As told on the wire, in whole milliseconds: a place compared any finer would be found again and again.
create index idx_messages_room_picture on messages (room_id, ms(picture_at), seq) where picture_at is not null;
drop index idx_messages_room_picture_at;

-- How far behind its picture a message is written, where the stream has been measured.
create function picture_shift(room rooms) returns bigint language sql immutable
return coalesce((room.stream->>'skew')::bigint, 0) + 3 * coalesce((room.stream->>'targetMs')::bigint, 0);

-- The last message written up to a moment: times rise with numbers, and numbers have no holes, so no index is needed.
create function seq_at(room rooms, at bigint) returns bigint language plpgsql stable strict
  set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  low bigint := room.first - 1;
  high bigint := room.seq;
  middle bigint;
  written bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    select ms(m.created_at) into written from messages m where m.room_id = room.id and m.seq = middle;
    if written <= at then low := middle; else high := middle - 1; end if;
  end loop;
  return low;
end $$;

-- What stands around a place, message in_n of picture in_pic: {below, above}, the nearest first, one more of each than asked
-- for when there are more. Plans are pinned as in `append`, and each of the scans ends where the other kind has enough:
-- a room where everybody says their picture would be read to its end for the few who do not.
create function pictures(room rooms, in_pic bigint, in_n bigint, in_below int, in_above int) returns json language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set enable_incremental_sort = off set jit = off
as $$
declare
  shift constant bigint := picture_shift(room);
  -- Of a recording nothing is shown behind its last picture.
  ends constant bigint := coalesce((room.stream->>'to')::bigint, 9e15);
  here constant bigint := greatest(seq_at(room, in_pic + shift - 1), least(in_n, seq_at(room, in_pic + shift)));
  low bigint;
  high bigint;
  below json;
  above json;
begin
  select ms(m.picture_at) into low from messages m
  where m.room_id = room.id and m.picture_at is not null and (ms(m.picture_at), m.seq) <= (in_pic, in_n) and m.seq >= room.first
  order by ms(m.picture_at) desc, m.seq desc offset in_below limit 1;
  select ms(m.picture_at) into high from messages m
  where m.room_id = room.id and m.picture_at is not null and (ms(m.picture_at), m.seq) > (in_pic, in_n) and m.seq >= room.first
  order by ms(m.picture_at), m.seq offset in_above limit 1;

  select json_agg(row_json(x.m) order by x.pic desc, x.seq desc) into below from (
    (select m, ms(m.picture_at) as pic, m.seq from messages m
      where m.room_id = room.id and m.picture_at is not null and (ms(m.picture_at), m.seq) <= (in_pic, in_n) and m.seq >= room.first
      order by ms(m.picture_at) desc, m.seq desc limit in_below + 1)
    union all
    (select m, ms(m.created_at) - shift, m.seq from messages m
      where m.room_id = room.id and m.seq > coalesce(seq_at(room, low + shift - 1), room.first - 1) and m.seq <= here
        and m.picture_at is null and m.deleted_at is null
      order by m.seq desc limit in_below + 1)
    order by pic desc, seq desc limit in_below + 1) x;

  select json_agg(row_json(x.m) order by x.pic, x.seq) into above from (
    (select m, ms(m.picture_at) as pic, m.seq from messages m
      where m.room_id = room.id and m.picture_at is not null and (ms(m.picture_at), m.seq) > (in_pic, in_n) and m.seq >= room.first
        and ms(m.picture_at) <= ends
      order by ms(m.picture_at), m.seq limit in_above + 1)
    union all
    (select m, ms(m.created_at) - shift, m.seq from messages m
      where m.room_id = room.id and m.seq > here and m.seq <= seq_at(room, least(high, ends) + shift)
        and m.picture_at is null and m.deleted_at is null
      order by m.seq limit in_above + 1)
    order by pic, seq limit in_above + 1) x;

  return json_build_object('below', coalesce(below, '[]'), 'above', coalesce(above, '[]'));
end $$;

-- How many messages belong to each of so many equal parts of the pictures from in_from to in_to.
create function heat(room rooms, in_from bigint, in_to bigint, in_buckets int) returns json language plpgsql stable
  set enable_seqscan = off set jit = off
as $$
declare
  shift constant bigint := picture_shift(room);
  counts int[] := array_fill(0, array[in_buckets]);
  found record;
begin
  for found in
    select least(in_buckets, 1 + floor((x.pic - in_from) * in_buckets / (in_to - in_from)))::int as bucket, count(*)::int as count from (
      select date_part('epoch', m.picture_at) * 1000 as pic from messages m
        where m.room_id = room.id and m.picture_at is not null and ms(m.picture_at) between in_from and in_to
      union all
      select date_part('epoch', m.created_at) * 1000 - shift from messages m
        where m.room_id = room.id and m.seq > seq_at(room, in_from + shift - 1) and m.seq <= seq_at(room, in_to + shift)
          and m.picture_at is null and m.deleted_at is null) x
    group by 1
  loop
    counts[found.bucket] := found.count;
  end loop;
  return array_to_json(counts);
end $$;

-- The words of a live stream belong to its recording too: what was measured while it was live goes over.
create or replace function attach(in_site text, in_post text, in_stream jsonb) returns json language plpgsql volatile as $$
declare
  room rooms;
begin
  if in_stream is not null then
    insert into rooms (site, post_id) values (in_site, in_post) on conflict (site, post_id) do nothing;
  end if;
  select r.* into room from rooms r where r.site = in_site and r.post_id = in_post for no key update;
  if not found or (in_stream is null and room.stream is null) then
    return null;
  end if;
  if in_stream ? 'to' and room.stream ? 'skew' then
    in_stream := in_stream || jsonb_build_object('skew', room.stream->'skew', 'targetMs', room.stream->'targetMs');
  end if;
  update rooms r set stream = in_stream, rev = r.rev + 1, facts_rev = r.rev + 1, last_at = greatest(clock_timestamp(), r.last_at)
  where r.id = room.id returning r.* into room;
  return json_build_object('epoch', wire_epoch(room.epoch, cluster_mark()), 'from', room.rev - 1, 'rev', room.rev,
    'n', room.seq, 'first', room.first, 'rows', '[]'::json, 'facts', room_json(room));
end $$;
