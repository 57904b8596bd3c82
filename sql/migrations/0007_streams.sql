-- What stands beside a room's words: {id, url, title?, startsAt?, from?, to?}. Everybody is told all of it but the address.
create unique index idx_rooms_stream on rooms ((stream->>'id')) where stream is not null;

create or replace function room_json(r rooms) returns json language sql stable parallel safe
return case when r.stream is null then json_build_object('id', r.post_id, 'title', r.title)
  else json_build_object('id', r.post_id, 'title', r.title, 'stream', r.stream - 'url') end;

-- Attaches, or detaches with null: one numbered change of the room itself. Null when nothing changes.
create function attach(in_site text, in_post text, in_stream jsonb) returns json language plpgsql volatile as $$
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
  update rooms r set stream = in_stream, rev = r.rev + 1, facts_rev = r.rev + 1, last_at = greatest(clock_timestamp(), r.last_at)
  where r.id = room.id returning r.* into room;
  return json_build_object('epoch', wire_epoch(room.epoch, cluster_mark()), 'from', room.rev - 1, 'rev', room.rev,
    'n', room.seq, 'first', room.first, 'rows', '[]'::json, 'facts', room_json(room));
end $$;
