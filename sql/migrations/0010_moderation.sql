-- Who may moderate, what they did, whose words are taken no more, and what a room asks of those who speak.
--
-- A moderator is known by keys, of which only hashes are here: an invitation's is good once, a page's is what our own
-- page holds after it was redeemed, a frame's was made in the frame and let in by pairing.
create table moderators (
  id bigint generated always as identity primary key,
  role text not null check (role in ('owner', 'moderator')),
  name varchar(50) not null,
  site text,
  post_id varchar(255),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  check (site is not null or post_id is null)
);
comment on column moderators.site is 'null: every site';
comment on column moderators.post_id is 'null: every room of the site';

create table moderator_keys (
  hash bytea primary key,
  moderator_id bigint not null references moderators,
  kind text not null check (kind in ('invitation', 'page', 'frame')),
  site text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index idx_moderator_keys_moderator on moderator_keys (moderator_id);
comment on column moderator_keys.hash is 'sha256 of the key; the key itself is never stored';
comment on column moderator_keys.site is 'a frame''s key is good for the site it was paired in';

-- A frame that waits to be let in: its key's hash, and what is typed on our page.
create table pairings (
  code varchar(6) primary key,
  hash bytea not null unique,
  site text not null,
  post_id varchar(255) not null,
  blog text not null,
  created_at timestamptz not null default now()
);

create table bans (
  id bigint generated always as identity primary key,
  site text not null,
  room_id bigint,
  author varchar(16) not null,
  network text,
  until timestamptz,
  mute boolean not null default false,
  reason text,
  act bigint not null,
  created_at timestamptz not null default now(),
  lifted_at timestamptz
);
create index idx_bans_author on bans (site, author) where lifted_at is null;
create index idx_bans_network on bans (site, network) where lifted_at is null and network is not null;
comment on column bans.room_id is 'null: every room of the site';
comment on column bans.until is 'null: for good';
comment on column bans.network is 'a keyed hash of an address''s network, kept for a day at most: what comes from there waits for approval';

-- A message that waits to be approved. One that was refused stays without its words, so that it is never taken for a new one.
alter table held
  add column role text,
  add column refused bigint;
create index idx_held_waiting on held (room_id, created_at) where refused is null;
comment on column held.refused is 'the act that refused it';

-- What readers told of others' messages.
create table reports (
  room_id bigint not null,
  seq bigint not null,
  author varchar(16) not null,
  reason text not null check (reason in ('spam', 'abuse', 'private', 'other')),
  created_at timestamptz not null default now(),
  settled bigint,
  primary key (room_id, seq, author)
);
create index idx_reports_open on reports (room_id, seq) where settled is null;
comment on column reports.settled is 'the act that settled it';

create table words (
  site text primary key,
  blocked jsonb not null,
  allowed jsonb not null,
  standard boolean not null,
  version bigint not null default 1
);
comment on column words.version is 'another at each change: servers ask for it once a second while words are said';

comment on column rooms.settings is 'the rules of the room, as readers are told them';
create or replace function room_json(r rooms) returns json language sql stable parallel safe
return (jsonb_build_object('id', r.post_id, 'title', r.title)
  || case when r.stream is null then '{}' else jsonb_build_object('stream', r.stream - 'url') end
  || case when r.settings = '{}' then '{}' else jsonb_build_object('rules', r.settings) end)::json;

-- What a moderator removed comes back whole when they undo it.
alter table removed
  add column act bigint not null,
  add column reply_to bigint,
  add column picture_at timestamptz,
  add column pinned_at timestamptz,
  add column edited_at timestamptz;
create index idx_removed_act on removed (act, room_id, seq);
create index idx_removed_at on removed (removed_at);

-- What was done is never changed; undoing is done too.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create index idx_audit_undone on audit (((detail->>'undoes')::bigint)) where action = 'undo';

-- Whether what this person says is taken: null, or what forbids it. `was`: their id under the secret before.
create function ban_of(in_site text, in_room bigint, in_author text, in_was text) returns bans language sql stable
return (select b from bans b
  where b.site = in_site and b.author in (in_author, in_was) and b.lifted_at is null
    and (b.room_id is null or b.room_id = in_room) and (b.until is null or b.until > now())
  order by b.mute, b.until desc nulls first limit 1);

-- Takes messages of one author out of sight, or one message, at most `step`; tells how many.
create function take_away(room rooms, in_author text, in_seq bigint, in_act bigint, in_by text, step int, changed bigint, now_at timestamptz) returns bigint
  language sql volatile
begin atomic
  with found as (
    select m.* from messages m
    where in_seq is null and m.room_id = room.id and m.anonymous_id = in_author and m.deleted_at is null and m.seq >= room.first
      and m.created_at <= (select a.created_at from audit a where a.id = in_act)
    union all
    select m.* from messages m where m.room_id = room.id and m.seq = in_seq and m.deleted_at is null
    limit step
  ), picked as (
    select f.*, row_number() over (order by f.seq) as k from found f
  ), kept as (
    insert into removed (room_id, seq, nickname, avatar, content, extra, reply_to, picture_at, pinned_at, edited_at, act, removed_by, removed_at)
    select p.room_id, p.seq, p.nickname, p.avatar, p.content, p.extra, p.reply_to, p.picture_at, p.pinned_at, p.edited_at, in_act, in_by, now_at from picked p
  ), emptied as (
    update messages m set rev = room.rev + changed + p.k, content = '', nickname = '', avatar = '', reactions = null, extra = null,
      pinned_at = null, picture_at = null, reply_to = null, edited_at = null, deleted_at = now_at
    from picked p where m.room_id = p.room_id and m.seq = p.seq
    returning 1
  )
  select count(*) from emptied;
end;

-- Brings back what one act took, whole, at most `step`; tells how many.
create function bring_back(room rooms, in_act bigint, step int, changed bigint) returns bigint language sql volatile
begin atomic
  with found as (
    select r.* from removed r where r.act = in_act and r.room_id = room.id order by r.act, r.room_id, r.seq limit step
  ), picked as (
    select f.*, row_number() over (order by f.seq) as k from found f where f.seq >= room.first
  ), restored as (
    update messages m set rev = room.rev + changed + p.k, content = p.content, nickname = p.nickname, avatar = p.avatar, extra = p.extra,
      pinned_at = p.pinned_at, picture_at = p.picture_at, reply_to = p.reply_to, edited_at = p.edited_at, deleted_at = null,
      reactions = (select jsonb_object_agg(c.emoji, c.count) from (
        select x.emoji, count(*) from reactions x where x.room_id = p.room_id and x.seq = p.seq group by x.emoji) c)
    from picked p where m.room_id = p.room_id and m.seq = p.seq
    returning 1
  ), gone as (
    delete from removed r using found f where r.room_id = f.room_id and r.seq = f.seq
  )
  select count(*) from restored;
end;

-- The shield climbs or comes down by one act of nobody; a server that saw less than another does nothing.
create function shield(room rooms, asked jsonb, changed bigint, now_at timestamptz) returns jsonb language plpgsql volatile as $$
declare
  level constant int := (asked->>'level')::int;
  act bigint;
begin
  if (select coalesce((r.settings->'shield'->>'level')::int, 0) from rooms r where r.id = room.id) is distinct from (asked->>'was')::int then
    return '{"code": "not_found"}';
  end if;
  insert into audit (site, room_id, actor, cid, action, detail, created_at)
  values (room.site, room.id, 'shield', asked->>'cid', 'shield', asked - '{i,do,by,cid,act}'::text[], now_at) returning id into act;
  update rooms r set facts_rev = room.rev + changed + 1, settings = case level when 0 then r.settings - 'shield'
    else r.settings || jsonb_build_object('shield', jsonb_build_object('level', level, 'at', ms(now_at), 'since', coalesce(r.settings->'shield'->'since', to_jsonb(ms(now_at))))) end
  where r.id = room.id;
  return jsonb_build_object('act', act, 'changed', changed + 1, 'more', false, 'said', 0);
end $$;

-- One act of a moderator in a room whose row the caller has locked. `changed`: so many of the room's next numbers are
-- taken. Bulk acts take at most 200 messages a step, and are asked again, with the same cid, while there is `more`.
--   asked    {by, cid, act, n?, on?, who?, what?, seconds?, reason?, sweep?, rules?, of?, hours?}; act: remove ban mute unban pin answer
--            dismiss approve refuse rules lower undo; in the other rooms of a site, as often as one likes: sweep and restore, `of` an act;
--            and what the server does by itself: shield, `by` null
--   returns  {act, changed, more, said?} | {code}
create function moderate(room rooms, asked jsonb, changed bigint, now_at timestamptz) returns jsonb language plpgsql volatile as $$
declare
  step constant int := 200;
  doing constant text := asked->>'act';
  on_it constant boolean := coalesce((asked->>'on')::boolean, false);
  moderator moderators;
  known audit;
  done audit;
  target messages;
  waiting held;
  said int := 0;
  moved bigint := 0;
begin
  if doing = 'shield' then
    return shield(room, asked, changed, now_at);
  end if;
  select m.* into moderator from moderators m where m.id = (asked->>'by')::bigint and m.revoked_at is null
    and (m.site is null or m.site = room.site) and (m.post_id is null or m.post_id = room.post_id);
  if not found then
    return '{"code": "forbidden"}';
  end if;

  if doing in ('sweep', 'restore') then
    select a.* into known from audit a where a.id = (asked->>'of')::bigint and a.site = room.site and a.action = case doing when 'sweep' then 'ban' else 'undo' end;
    if not found then
      return '{"code": "not_found"}';
    end if;
  else
    -- Once: the same cid again is the same act, and of a bulk act its next step.
    select a.* into known from audit a where a.room_id = room.id and a.actor = moderator.id::text and a.cid = asked->>'cid';
    if found and known.action <> doing then
      return '{"code": "cid_conflict"}';
    elsif found and doing not in ('ban', 'undo') then
      return jsonb_build_object('act', known.id, 'changed', changed, 'more', false, 'said', 0);
    end if;
  end if;

  if known.id is null then
    if doing in ('remove', 'pin', 'answer') then
      select m.* into target from messages m where m.room_id = room.id and m.seq = (asked->>'n')::bigint and m.seq >= room.first;
      if not found or target.deleted_at is not null then
        return '{"code": "not_found"}';
      end if;
    elsif doing in ('approve', 'refuse') then
      select h.* into waiting from held h where h.room_id = room.id and h.anonymous_id = asked->>'who' and h.cid = asked->>'what' and h.refused is null;
      if not found then
        return '{"code": "not_found"}';
      end if;
    elsif doing = 'undo' then
      select a.* into done from audit a where a.id = (asked->>'of')::bigint and a.room_id = room.id and a.action in ('remove', 'ban', 'mute')
        and a.created_at > now_at - make_interval(hours => (asked->>'hours')::int)
        -- What holds in the whole site is not a room's moderator's to end.
        and (moderator.post_id is null or not exists (select from bans b where b.act = a.id and b.room_id is null));
      if not found or exists (select from audit a where a.action = 'undo' and (a.detail->>'undoes')::bigint = done.id) then
        return '{"code": "not_found"}';
      end if;
    end if;

    insert into audit (site, room_id, actor, cid, action, detail, created_at)
    values (room.site, room.id, moderator.id::text, asked->>'cid', doing, jsonb_build_object('name', moderator.name) || case
      when doing = 'undo' then jsonb_build_object('undoes', done.id)
      when target.seq is not null then jsonb_build_object('n', target.seq, 'who', target.anonymous_id, 'on', asked->'on')
      else asked - '{i,do,by,cid,act,hours,author,was}'::text[] end, now_at)
    returning * into known;

    if doing in ('ban', 'mute') then
      insert into bans (site, room_id, author, until, mute, reason, act)
      values (room.site, case when doing = 'mute' or moderator.post_id is not null then room.id end, asked->>'who',
        now_at + make_interval(secs => (asked->>'seconds')::int), doing = 'mute', asked->>'reason', known.id);
    elsif doing = 'unban' then
      update bans b set lifted_at = now_at where b.site = room.site and b.author = asked->>'who' and b.lifted_at is null
        and (b.room_id = room.id or b.room_id is null and moderator.post_id is null);
    elsif doing = 'undo' then
      update bans b set lifted_at = now_at where b.act = done.id and b.lifted_at is null;
    elsif doing = 'remove' then
      moved := take_away(room, null, target.seq, known.id, moderator.id::text, 1, changed, now_at);
      update reports r set settled = known.id where r.room_id = room.id and r.seq = target.seq and r.settled is null;
    elsif doing = 'pin' and (target.pinned_at is not null) <> on_it then
      moved := 1;
      update messages m set rev = room.rev + changed + 1, pinned_at = case when on_it then now_at end
      where m.room_id = room.id and m.seq = target.seq;
    elsif doing = 'dismiss' then
      update reports r set settled = known.id where r.room_id = room.id and r.seq = (asked->>'n')::bigint and r.settled is null;
    elsif doing = 'refuse' then
      update held h set refused = known.id, content = '', nickname = '', avatar = ''
      where h.room_id = room.id and h.anonymous_id = waiting.anonymous_id and h.cid = waiting.cid;
    elsif doing = 'approve' then
      said := 1;
      moved := 1;
      insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, reply_to, picture_at, extra, created_at)
      values (room.id, room.seq + 1, room.rev + changed + 1, waiting.cid, waiting.anonymous_id, waiting.nickname, waiting.avatar, waiting.content,
        waiting.reply_to, waiting.picture_at, role_extra(waiting.role), now_at);
      delete from held h where h.room_id = room.id and h.anonymous_id = waiting.anonymous_id and h.cid = waiting.cid;
    elsif doing = 'rules' then
      moved := 1;
      -- What the shield did is not among what a moderator sets.
      update rooms r set facts_rev = room.rev + changed + 1, settings = (asked->'rules')
        || jsonb_strip_nulls(jsonb_build_object('shield', r.settings->'shield', 'openUntil', r.settings->'openUntil'))
      where r.id = room.id;
    elsif doing = 'lower' then
      moved := 1;
      update rooms r set facts_rev = room.rev + changed + 1, settings = (r.settings - 'shield')
        || jsonb_build_object('openUntil', ms(now_at) + 1000 * (asked->>'seconds')::bigint)
      where r.id = room.id;
    elsif doing = 'answer' and coalesce(target.extra ? 'answered', false) <> on_it then
      moved := 1;
      update messages m set rev = room.rev + changed + 1,
        extra = nullif(coalesce(m.extra, '{}') - 'answered' || case when on_it then '{"answered": true}'::jsonb else '{}' end, '{}')
      where m.room_id = room.id and m.seq = target.seq;
    end if;
  end if;

  if doing in ('ban', 'sweep') and (known.detail->>'sweep')::boolean then
    update held h set refused = known.id where h.room_id = room.id and h.anonymous_id = known.detail->>'who' and h.refused is null;
    moved := take_away(room, known.detail->>'who', null, known.id, moderator.id::text, step, changed, now_at);
  elsif doing in ('undo', 'restore') then
    update held h set refused = null where h.room_id = room.id and h.refused = (known.detail->>'undoes')::bigint and h.content <> '';
    moved := bring_back(room, (known.detail->>'undoes')::bigint, step, changed);
  end if;
  return jsonb_build_object('act', known.id, 'changed', changed + moved, 'more', moved = step, 'said', said);
end $$;

-- Who speaks with a role says so in a place that no text reaches.
create function role_extra(role text) returns jsonb language sql immutable parallel safe
return case when role is not null then jsonb_build_object('role', role) end;

-- `append` again, for moderators' acts, and for those whose words are taken no more.
--   batch    … items: [{i, do, author, was?, cid, ...} | {i, do: mod, by, cid, act, ...}]; a `delete` with `by` may be of another's
--            a `say` with `hold`, or from a network of somebody banned, waits in `held`
--   returns  … rooms: [{…, approved, facts}], outcomes: [… | {i, held} | {i, rev, act, more?} | {i, code, retryAfter?}]
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
  verdict jsonb;
  waiting jsonb;
  approved bigint;
  facts json;
  barred text[];
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
    approved := 0;
    touched := '{}';
    done := '{}';

    -- Whose words are taken no more; what was saved before is still answered as it was.
    barred := null;
    if exists (select from bans b where b.site = room.site and b.lifted_at is null) then
      select array_agg(distinct x.author) into barred from jsonb_to_recordset(asked.items) as x("do" text, author text, was text)
      where x."do" in ('say', 'edit', 'react') and exists (select from bans b
        where b.site = room.site and b.author in (x.author, x.was) and b.lifted_at is null
          and (b.room_id is null or b.room_id = room.id) and (b.until is null or b.until > now_at));
    end if;
    if barred is not null then
      select coalesce(jsonb_agg(e.item) filter (where not e.shut), '[]'),
        outcomes || coalesce(array_agg(json_strip_nulls(json_build_object('i', e.item->'i', 'code', case when e.mute then 'muted' else 'banned' end, 'retryAfter', e.wait))) filter (where e.shut), '{}')
      into asked.items, outcomes
      from (
        select x.item, b.mute, ms(b.until) - ms(now_at) as wait, x.item->>'author' = any (barred) and x.item->>'do' in ('say', 'edit', 'react')
          and not (x.item->>'do' = 'say' and (
            exists (select from messages m where m.room_id = room.id and m.anonymous_id in (x.item->>'author', x.item->>'was') and m.cid = x.item->>'cid')
            or exists (select from held h where h.room_id = room.id and h.anonymous_id in (x.item->>'author', x.item->>'was') and h.cid = x.item->>'cid'))) as shut
        from jsonb_array_elements(asked.items) as x(item)
        left join lateral ban_of(room.site, room.id, x.item->>'author', x.item->>'was') b on x.item->>'author' = any (barred)
      ) e;
    end if;

    -- Who was a moderator when they came may be none by now.
    if asked.items @> '[{"role": "moderator"}]' or asked.items @> '[{"role": "owner"}]' then
      select coalesce(jsonb_agg(e.item) filter (where not e.shut), '[]'),
        outcomes || coalesce(array_agg(json_build_object('i', e.item->'i', 'code', 'forbidden')) filter (where e.shut), '{}')
      into asked.items, outcomes
      from (
        select x.item, x.item->>'do' = 'say' and x.item ? 'role'
          and not exists (select from moderators m where m.id = (x.item->>'by')::bigint and m.revoked_at is null
            and (m.site is null or m.site = room.site) and (m.post_id is null or m.post_id = room.post_id))
          and not exists (select from messages m where m.room_id = room.id and m.anonymous_id in (x.item->>'author', x.item->>'was') and m.cid = x.item->>'cid') as shut
        from jsonb_array_elements(asked.items) as x(item)
      ) e;
    end if;

    -- What waits for approval: by the room's rules, or because it comes from where somebody was banned.
    if asked.items @> '[{"hold": true}]' or exists (select from bans b where b.site = room.site and b.lifted_at is null and b.network is not null and b.until > now_at) then
      select coalesce(jsonb_agg(e.item) filter (where not e.waits), '[]'), coalesce(jsonb_agg(e.item) filter (where e.waits), '[]')
      into asked.items, waiting
      from (
        select x.item, x.item->>'do' = 'say' and (coalesce((x.item->>'hold')::boolean, false)
            or not x.item ? 'role' and exists (select from bans b where b.site = room.site and b.lifted_at is null and b.network = x.item->>'net'
              and b.until > now_at and (b.room_id is null or b.room_id = room.id)))
          and not exists (select from messages m where m.room_id = room.id and m.anonymous_id in (x.item->>'author', x.item->>'was') and m.cid = x.item->>'cid') as waits
        from jsonb_array_elements(asked.items) as x(item)
      ) e;
      insert into held (room_id, anonymous_id, cid, nickname, avatar, content, reply_to, picture_at, role, created_at)
      select room.id, x.author, x.cid, x.nick, x.avatar, x.text, case when x.re between room.first and room.seq then x.re end, to_timestamp(x.pic / 1000.0), x.role, now_at
      from jsonb_to_recordset(waiting) as x(author text, was text, cid text, nick text, avatar text, text text, re bigint, pic bigint, role text)
      where not exists (select from held h where h.room_id = room.id and h.anonymous_id = x.was and h.cid = x.cid)
      on conflict do nothing;
      outcomes := outcomes || coalesce((select array_agg(case when h.refused is null and h.content <> x.text
          then json_build_object('i', x.i, 'code', 'cid_conflict') else json_build_object('i', x.i, 'held', true) end)
        from jsonb_to_recordset(waiting) as x(i int, author text, was text, cid text, text text)
        join held h on h.room_id = room.id and h.anonymous_id in (x.author, x.was) and h.cid = x.cid), '{}');
    end if;

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
      insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, reply_to, picture_at, extra, created_at)
      select room.id, room.seq + s.k, room.rev + s.k, s.cid, s.author, s.nick, s.avatar, s.text,
        case when s.re between room.first and room.seq then s.re end, to_timestamp(s.pic / 1000.0), role_extra(s.role), now_at
      from (
        select x.*, row_number() over (order by x.i) as k from jsonb_to_recordset(asked.items)
          as x(i int, "do" text, author text, cid text, nick text, avatar text, text text, re bigint, pic bigint, role text)
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

      insert into messages (room_id, seq, rev, cid, anonymous_id, nickname, avatar, content, reply_to, picture_at, extra, created_at)
      select room.id, s.seq, s.rev, s.cid, s.author, s.nick, s.avatar, s.text,
        case when s.re between room.first and room.seq then s.re end, to_timestamp(s.pic / 1000.0),
        (select role_extra(x.role) from jsonb_to_recordset(asked.items) as x(i int, role text) where x.i = s.i), now_at
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

    for item in select x.*, e.raw from jsonb_array_elements(asked.items) as e(raw), jsonb_to_record(e.raw)
      as x(i int, "do" text, author text, was text, n bigint, text text, emoji text, "on" boolean, "by" bigint)
      where jsonb_array_length(asked.items) > many and x."do" <> 'say' order by x.i
    loop
      code := null;
      if item."do" = 'mod' then
        verdict := moderate(room, item.raw, born, now_at);
        born := coalesce((verdict->>'changed')::bigint, born);
        approved := approved + coalesce((verdict->>'said')::bigint, 0);
        room.seq := room.seq + coalesce((verdict->>'said')::bigint, 0);
        outcomes := outcomes || case when verdict ? 'code' then json_build_object('i', item.i, 'code', verdict->'code')
          else json_build_object('i', item.i, 'rev', room.rev + born, 'act', verdict->'act', 'more', verdict->'more') end;
        continue;
      end if;
      select m.ctid into spot from messages m where m.room_id = room.id and m.seq >= item.n order by m.seq limit 1;
      select m.* into msg from messages m where m.ctid = spot;
      if msg.seq is distinct from item.n or item.n < room.first then
        code := 'not_found';
      elsif item."do" = 'report' then
        if msg.deleted_at is not null then
          code := 'not_found';
        else
          insert into reports (room_id, seq, author, reason) select room.id, msg.seq, item.author, item.raw->>'reason'
          where not exists (select from reports r where r.room_id = room.id and r.seq = msg.seq and r.author = item.was)
          on conflict do nothing;
        end if;
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
        if item."by" is null or item."do" <> 'delete' then
          code := 'forbidden';
        elsif msg.deleted_at is null then
          verdict := moderate(room, item.raw || '{"act": "remove"}', born, now_at);
          code := verdict->>'code';
          born := coalesce((verdict->>'changed')::bigint, born);
          if code is null then
            outcomes := outcomes || json_build_object('i', item.i, 'n', item.n, 'rev', room.rev + born, 'act', verdict->'act');
            continue;
          end if;
        end if;
      elsif item."do" = 'delete' then
        if msg.deleted_at is null then
          born := born + 1;
          update messages m set rev = room.rev + born, content = '', nickname = '', avatar = '', reactions = null, extra = null,
            pinned_at = null, picture_at = null, reply_to = null, edited_at = null, deleted_at = now_at
          where m.ctid = spot;
          delete from edits e where e.room_id = room.id and e.seq = msg.seq;
          delete from reactions r where r.room_id = room.id and r.seq = msg.seq;
        else
          -- What a moderator took away does not come back against its author's will.
          delete from removed r where r.room_id = room.id and r.seq = msg.seq;
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
      update rooms r set rev = room.rev + born, seq = room.seq, last_at = now_at where r.id = room.id
      returning case when r.facts_rev > room.rev then room_json(r) end into facts;
      rows := '[]';
      if born > many then
        select coalesce(json_agg(row_json(m)), '[]') into rows
        from (select m.* from messages m where m.room_id = room.id and m.rev > room.rev + many order by m.rev) m;
      end if;
      changes := changes || json_build_object('site', room.site, 'post', room.post_id, 'epoch', wire_epoch(room.epoch, mark),
        'from', room.rev, 'to', room.rev + born, 'n', room.seq, 'first', room.first, 'said', many, 'approved', approved, 'at', ms(now_at), 'rows', rows, 'facts', facts);
    end if;
  end loop;
  return json_build_object('rooms', array_to_json(changes), 'outcomes', array_to_json(outcomes));
end $$;
