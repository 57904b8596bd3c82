-- The forms in which rows and positions leave the database: one each, used by every query.
create function ms(at timestamptz) returns bigint language sql immutable parallel safe
return floor(date_part('epoch', at) * 1000)::bigint;

create function row_json(m messages) returns json language sql stable parallel safe
return case when m.deleted_at is not null
  then json_build_object('n', m.seq, 'rev', m.rev, 'deleted', true)
  else json_strip_nulls(json_build_object(
    'n', m.seq, 'rev', m.rev, 'cid', m.cid, 'author', m.anonymous_id, 'nick', m.nickname, 'avatar', m.avatar,
    'text', m.content, 'at', ms(m.created_at), 'pic', ms(m.picture_at), 're', m.reply_to, 'edited', ms(m.edited_at),
    'pin', case when m.pinned_at is not null then true end, 'reactions', m.reactions, 'extra', m.extra))
end;

create function room_json(r rooms) returns json language sql stable parallel safe
return json_build_object('id', r.post_id, 'title', r.title);

-- Which history this cluster writes: another after a restore elsewhere, another after a failover.
-- pg_control_checkpoint() would name the old timeline for a while after a promotion.
create function cluster_mark() returns text language sql volatile
return (select system_identifier::text from pg_control_system()) || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);

create function wire_epoch(epoch uuid, mark text) returns text language sql immutable
return left(encode(sha256(convert_to(epoch::text || '/' || mark, 'UTF8')), 'hex'), 16);
