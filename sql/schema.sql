-- Printed from the catalogue after all migrations by `pnpm fix`; `pnpm check` fails when it is stale.

create table audit (
  id bigint generated always as identity not null,
  site text not null default ''::text,
  room_id bigint,
  actor text not null,
  cid character varying(36),
  action text not null,
  detail jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  constraint audit_room_id_actor_cid_key UNIQUE (room_id, actor, cid),
  constraint audit_pkey PRIMARY KEY (id)
);

create table bans (
  id bigint generated always as identity not null,
  site text not null,
  room_id bigint,
  author character varying(16) not null,
  network text,
  until timestamp with time zone,
  mute boolean not null default false,
  reason text,
  act bigint not null,
  created_at timestamp with time zone not null default now(),
  lifted_at timestamp with time zone,
  constraint bans_pkey PRIMARY KEY (id)
);

create table edits (
  room_id bigint not null,
  seq bigint not null,
  rev bigint not null,
  content text not null,
  edited_at timestamp with time zone not null default now(),
  constraint edits_pkey PRIMARY KEY (room_id, seq, rev)
);

create table erasures (
  id bigint generated always as identity not null,
  site text not null,
  person text,
  post_id character varying(255),
  seq bigint,
  said_at timestamp with time zone,
  erased_at timestamp with time zone not null default now(),
  constraint erasures_pkey PRIMARY KEY (id),
  constraint erasures_check CHECK (((person IS NULL) <> ((post_id IS NULL) OR (seq IS NULL) OR (said_at IS NULL))))
);

create table errors (
  id bigint generated always as identity not null,
  source text not null,
  code text not null,
  version text not null,
  at text not null,
  count bigint not null,
  first_at timestamp with time zone not null default now(),
  last_at timestamp with time zone not null default now(),
  told_at timestamp with time zone not null default now(),
  constraint errors_source_code_version_at_key UNIQUE (source, code, version, at),
  constraint errors_pkey PRIMARY KEY (id),
  constraint errors_source_check CHECK ((source = ANY (ARRAY['server'::text, 'widget'::text])))
);

create table held (
  room_id bigint not null,
  anonymous_id character varying(16) not null,
  cid character varying(36) not null,
  nickname character varying(50) not null,
  avatar character varying(20) not null,
  content text not null,
  reply_to bigint,
  picture_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  role text,
  refused bigint,
  id bigint generated always as identity not null,
  constraint held_pkey PRIMARY KEY (room_id, anonymous_id, cid)
);

create table messages (
  room_id bigint not null,
  seq bigint not null,
  rev bigint not null,
  cid character varying(36) not null,
  anonymous_id character varying(16) not null,
  nickname character varying(50) not null,
  avatar character varying(20) not null,
  content text not null,
  reply_to bigint,
  picture_at timestamp with time zone,
  pinned_at timestamp with time zone,
  reactions jsonb,
  extra jsonb,
  created_at timestamp with time zone not null,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  constraint messages_room_id_anonymous_id_cid_key UNIQUE (room_id, anonymous_id, cid),
  constraint messages_room_id_rev_key UNIQUE (room_id, rev),
  constraint messages_pkey PRIMARY KEY (room_id, seq),
  constraint messages_anonymous_id_check CHECK (((anonymous_id)::text ~ '^[a-z2-7]{16}$'::text))
);

create table migrations (
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);

create table moderator_keys (
  hash bytea not null,
  moderator_id bigint not null,
  kind text not null,
  site text,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint moderator_keys_pkey PRIMARY KEY (hash),
  constraint moderator_keys_moderator_id_fkey FOREIGN KEY (moderator_id) REFERENCES moderators(id),
  constraint moderator_keys_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'page'::text, 'frame'::text])))
);

create table moderators (
  id bigint generated always as identity not null,
  role text not null,
  name character varying(50) not null,
  site text,
  post_id character varying(255),
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint moderators_pkey PRIMARY KEY (id),
  constraint moderators_check CHECK (((site IS NOT NULL) OR (post_id IS NULL))),
  constraint moderators_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'moderator'::text])))
);

create table pairings (
  code character varying(6) not null,
  hash bytea not null,
  site text not null,
  post_id character varying(255) not null,
  blog text not null,
  created_at timestamp with time zone not null default now(),
  constraint pairings_hash_key UNIQUE (hash),
  constraint pairings_pkey PRIMARY KEY (code)
);

create table reactions (
  room_id bigint not null,
  seq bigint not null,
  author character varying(16) not null,
  emoji text not null,
  created_at timestamp with time zone not null default now(),
  constraint reactions_pkey PRIMARY KEY (room_id, seq, author, emoji)
);

create table removed (
  room_id bigint not null,
  seq bigint not null,
  nickname character varying(50) not null,
  avatar character varying(20) not null,
  content text not null,
  extra jsonb,
  removed_by text not null,
  removed_at timestamp with time zone not null default now(),
  act bigint not null,
  reply_to bigint,
  picture_at timestamp with time zone,
  pinned_at timestamp with time zone,
  edited_at timestamp with time zone,
  constraint removed_pkey PRIMARY KEY (room_id, seq)
);

create table reports (
  room_id bigint not null,
  seq bigint not null,
  author character varying(16) not null,
  reason text not null,
  created_at timestamp with time zone not null default now(),
  settled bigint,
  constraint reports_pkey PRIMARY KEY (room_id, seq, author),
  constraint reports_reason_check CHECK ((reason = ANY (ARRAY['spam'::text, 'abuse'::text, 'private'::text, 'other'::text])))
);

create table rooms (
  id bigint generated always as identity not null,
  site text not null default ''::text,
  post_id character varying(255) not null,
  title text,
  epoch uuid not null default gen_random_uuid(),
  settings jsonb not null default '{}'::jsonb,
  stream jsonb,
  facts_rev bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  rev bigint not null default 0,
  seq bigint not null default 0,
  first bigint not null default 1,
  last_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  constraint rooms_site_post_id_key UNIQUE (site, post_id),
  constraint rooms_pkey PRIMARY KEY (id)
) with (fillfactor=50);

create table webhook_digests (
  webhook_id bigint not null,
  room_id bigint not null,
  from_seq bigint not null,
  to_seq bigint not null,
  due_at timestamp with time zone not null,
  constraint webhook_digests_pkey PRIMARY KEY (webhook_id, room_id)
);

create table webhook_queue (
  id bigint generated always as identity not null,
  webhook_id bigint not null,
  event text not null,
  room_id bigint not null,
  ref jsonb not null,
  created_at timestamp with time zone not null default now(),
  tried_from timestamp with time zone not null default now(),
  attempts integer not null default 0,
  next_at timestamp with time zone not null default now(),
  dead_at timestamp with time zone,
  error text,
  constraint webhook_queue_pkey PRIMARY KEY (id)
);

create table webhooks (
  id bigint generated always as identity not null,
  site text,
  post_id character varying(255),
  url text not null,
  kind text not null,
  events jsonb not null,
  lang text not null,
  made_by bigint not null,
  created_at timestamp with time zone not null default now(),
  off_at timestamp with time zone,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_check CHECK (((site IS NOT NULL) OR (post_id IS NULL))),
  constraint webhooks_kind_check CHECK ((kind = ANY (ARRAY['json'::text, 'slack'::text, 'discord'::text, 'telegram'::text]))),
  constraint webhooks_lang_check CHECK ((lang = ANY (ARRAY['ko'::text, 'en'::text])))
);

create table words (
  site text not null,
  blocked jsonb not null,
  allowed jsonb not null,
  standard boolean not null,
  version bigint not null default 1,
  constraint words_pkey PRIMARY KEY (site)
);

CREATE INDEX idx_audit_at ON public.audit USING btree (created_at);
CREATE INDEX idx_audit_undone ON public.audit USING btree ((((detail ->> 'undoes'::text))::bigint)) WHERE (action = 'undo'::text);
CREATE INDEX idx_audit_who ON public.audit USING btree (((detail ->> 'who'::text))) WHERE (detail ? 'who'::text);
CREATE INDEX idx_bans_author ON public.bans USING btree (site, author) WHERE (lifted_at IS NULL);
CREATE INDEX idx_bans_network ON public.bans USING btree (site, network) WHERE ((lifted_at IS NULL) AND (network IS NOT NULL));
CREATE INDEX idx_erasures_at ON public.erasures USING btree (erased_at);
CREATE INDEX idx_errors_at ON public.errors USING btree (last_at);
CREATE UNIQUE INDEX idx_held_id ON public.held USING btree (id);
CREATE INDEX idx_held_waiting ON public.held USING btree (room_id, created_at) WHERE (refused IS NULL);
CREATE INDEX idx_messages_room_deleted ON public.messages USING btree (room_id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX idx_messages_room_picture ON public.messages USING btree (room_id, ms(picture_at), seq) WHERE (picture_at IS NOT NULL);
CREATE INDEX idx_moderator_keys_moderator ON public.moderator_keys USING btree (moderator_id);
CREATE INDEX idx_reactions_author ON public.reactions USING btree (author, room_id);
CREATE INDEX idx_removed_act ON public.removed USING btree (act, room_id, seq);
CREATE INDEX idx_removed_at ON public.removed USING btree (removed_at);
CREATE INDEX idx_reports_author ON public.reports USING btree (author, room_id);
CREATE INDEX idx_reports_open ON public.reports USING btree (room_id, seq) WHERE (settled IS NULL);
CREATE UNIQUE INDEX idx_rooms_stream ON public.rooms USING btree (((stream ->> 'id'::text))) WHERE (stream IS NOT NULL);
CREATE INDEX idx_webhook_digests_due ON public.webhook_digests USING btree (due_at);
CREATE INDEX idx_webhook_queue_due ON public.webhook_queue USING btree (webhook_id, next_at) WHERE (dead_at IS NULL);
CREATE INDEX idx_webhook_queue_webhook ON public.webhook_queue USING btree (webhook_id, id);

comment on column bans.room_id is 'null: every room of the site';
comment on column bans.network is 'a keyed hash of an address''s network, kept for a day at most: what comes from there waits for approval';
comment on column bans.until is 'null: for good';
comment on column erasures.person is 'a hash of the public id; null: one message was deleted';
comment on column erasures.said_at is 'after a restore the same number may be another message''s';
comment on column errors.at is 'file and line of our own code; empty: nobody can say';
comment on column errors.told_at is 'when it was last handed on, by whichever server';
comment on column held.refused is 'the act that refused it';
comment on column messages.anonymous_id is 'the PUBLIC id of the author, a keyed hash; the secret anonymousId is never stored';
comment on column moderator_keys.hash is 'sha256 of the key; the key itself is never stored';
comment on column moderator_keys.site is 'a frame''s key is good for the site it was paired in';
comment on column moderators.site is 'null: every site';
comment on column moderators.post_id is 'null: every room of the site';
comment on column reports.settled is 'the act that settled it';
comment on column rooms.settings is 'the rules of the room, as readers are told them';
comment on column rooms.facts_rev is 'number of the newest change of the room itself (title, settings, stream)';
comment on column rooms.rev is 'number of the newest change of any kind';
comment on column rooms.seq is 'number of the newest message; messages are counted without holes';
comment on column rooms.first is 'messages below this number no longer exist';
comment on column webhook_queue.ref is 'which message, act or waiting words; never the words, nor whose they are';
comment on column webhook_queue.tried_from is 'a day after it is given up; another when somebody asks for it again';
comment on column webhook_queue.next_at is 'when it is tried (again); a try under way has moved it on by its lease';
comment on column webhooks.site is 'null: every site';
comment on column webhooks.made_by is 'the owner in whose name its links approve and refuse';
comment on column webhooks.off_at is 'its receiver said that it is gone (410)';
comment on column words.version is 'another at each change: servers ask for it once a second while words are said';

CREATE OR REPLACE FUNCTION public.append(batch jsonb)
 RETURNS json
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_sort TO 'off'
 SET enable_incremental_sort TO 'off'
 SET jit TO 'off'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.attach(in_site text, in_post text, in_stream jsonb)
 RETURNS json
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.ban_of(in_site text, in_room bigint, in_author text, in_was text)
 RETURNS bans
 LANGUAGE sql
 STABLE
RETURN (SELECT b.*::bans AS b FROM bans b WHERE ((b.site = ban_of.in_site) AND ((b.author)::text = ANY ((ARRAY[(ban_of.in_author)::character varying, (ban_of.in_was)::character varying])::text[])) AND (b.lifted_at IS NULL) AND ((b.room_id IS NULL) OR (b.room_id = ban_of.in_room)) AND ((b.until IS NULL) OR (b.until > now()))) ORDER BY b.mute, b.until DESC LIMIT 1)
;

CREATE OR REPLACE FUNCTION public.bring_back(room rooms, in_act bigint, step integer, changed bigint)
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 WITH found AS (
          SELECT r.room_id,
             r.seq,
             r.nickname,
             r.avatar,
             r.content,
             r.extra,
             r.removed_by,
             r.removed_at,
             r.act,
             r.reply_to,
             r.picture_at,
             r.pinned_at,
             r.edited_at
            FROM removed r
           WHERE ((r.act = bring_back.in_act) AND (r.room_id = (bring_back.room).id))
           ORDER BY r.act, r.room_id, r.seq
          LIMIT bring_back.step
         ), picked AS (
          SELECT f.room_id,
             f.seq,
             f.nickname,
             f.avatar,
             f.content,
             f.extra,
             f.removed_by,
             f.removed_at,
             f.act,
             f.reply_to,
             f.picture_at,
             f.pinned_at,
             f.edited_at,
             row_number() OVER (ORDER BY f.seq) AS k
            FROM found f
           WHERE (f.seq >= (bring_back.room).first)
         ), restored AS (
          UPDATE messages m SET rev = (((bring_back.room).rev + bring_back.changed) + p.k), content = p.content, nickname = p.nickname, avatar = p.avatar, extra = p.extra, pinned_at = p.pinned_at, picture_at = p.picture_at, reply_to = p.reply_to, edited_at = p.edited_at, deleted_at = NULL::timestamp with time zone, reactions = ( SELECT jsonb_object_agg(c.emoji, c.count) AS jsonb_object_agg
                    FROM ( SELECT x.emoji,
                             count(*) AS count
                            FROM reactions x
                           WHERE ((x.room_id = p.room_id) AND (x.seq = p.seq))
                           GROUP BY x.emoji) c)
            FROM picked p
           WHERE ((m.room_id = p.room_id) AND (m.seq = p.seq))
           RETURNING 1 AS "?column?"
         ), gone AS (
          DELETE FROM removed r
            USING found f
           WHERE ((r.room_id = f.room_id) AND (r.seq = f.seq))
         )
  SELECT count(*) AS count
    FROM restored;
END
;

CREATE OR REPLACE FUNCTION public.cluster_mark()
 RETURNS text
 LANGUAGE sql
RETURN (((SELECT (pg_control_system.system_identifier)::text AS system_identifier FROM pg_control_system() pg_control_system(pg_control_version, catalog_version_no, system_identifier, pg_control_last_modified)) || '/'::text) || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))
;

CREATE OR REPLACE FUNCTION public.commit_json(room rooms, in_from bigint)
 RETURNS json
 LANGUAGE sql
 STABLE
RETURN json_build_object('epoch', wire_epoch((room).epoch, cluster_mark()), 'from', in_from, 'rev', (room).rev, 'n', (room).seq, 'first', (room).first, 'rows', (SELECT COALESCE(json_agg(row_json(m.*) ORDER BY m.rev), '[]'::json) AS "coalesce" FROM messages m WHERE ((m.room_id = (commit_json.room).id) AND (m.rev > commit_json.in_from) AND (m.seq >= (commit_json.room).first))))
;

CREATE OR REPLACE FUNCTION public.erase_marks(in_site text, ids text[])
 RETURNS void
 LANGUAGE sql
BEGIN ATOMIC
 UPDATE audit a SET detail = (a.detail - '{who,what,reason}'::text[])
   WHERE ((a.site = erase_marks.in_site) AND (a.detail ? 'who'::text) AND ((a.detail ->> 'who'::text) = ANY (erase_marks.ids)));
 DELETE FROM bans b
   WHERE ((b.site = erase_marks.in_site) AND ((b.author)::text = ANY (erase_marks.ids)) AND ((b.lifted_at IS NOT NULL) OR (b.until <= now())));
END
;

CREATE OR REPLACE FUNCTION public.erase_step(in_room bigint, in_ids jsonb, until timestamp with time zone)
 RETURNS json
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.expire(in_room bigint, before timestamp with time zone)
 RETURNS json
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.has_hooks()
 RETURNS boolean
 LANGUAGE sql
 STABLE
RETURN ((COALESCE(current_setting('aside.quiet'::text, true), ''::text) <> 'on'::text) AND (EXISTS (SELECT FROM webhooks w WHERE (w.off_at IS NULL))))
;

CREATE OR REPLACE FUNCTION public.heat(room rooms, in_from bigint, in_to bigint, in_buckets integer)
 RETURNS json
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.hooks_of(in_room bigint, in_event text)
 RETURNS SETOF webhooks
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT w.id,
     w.site,
     w.post_id,
     w.url,
     w.kind,
     w.events,
     w.lang,
     w.made_by,
     w.created_at,
     w.off_at
    FROM (webhooks w
      JOIN rooms r ON ((r.id = hooks_of.in_room)))
   WHERE ((w.off_at IS NULL) AND (w.events ? hooks_of.in_event) AND ((w.site IS NULL) OR (w.site = r.site)) AND ((w.post_id IS NULL) OR ((w.post_id)::text = (r.post_id)::text)));
END
;

CREATE OR REPLACE FUNCTION public.moderate(room rooms, asked jsonb, changed bigint, now_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.ms(at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (floor((date_part('epoch'::text, at) * (1000)::double precision)))::bigint
;

CREATE OR REPLACE FUNCTION public.nobody()
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN 'aaaaaaaaaaaaaaaa'::text
;

CREATE OR REPLACE FUNCTION public.note_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform note_deletion(new.room_id, new.seq);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.note_deletion(in_room bigint, in_seq bigint)
 RETURNS void
 LANGUAGE sql
BEGIN ATOMIC
 INSERT INTO erasures (site, post_id, seq, said_at)  SELECT r.site,
             r.post_id,
             m.seq,
             m.created_at
            FROM (messages m
              JOIN rooms r ON ((r.id = m.room_id)))
           WHERE ((m.room_id = note_deletion.in_room) AND (m.seq = note_deletion.in_seq) AND (m.seq >= r.first) AND (m.deleted_at IS NOT NULL) AND ((m.anonymous_id)::text <> nobody()) AND (NOT (EXISTS ( SELECT
                    FROM removed g
                   WHERE ((g.room_id = m.room_id) AND (g.seq = m.seq))))));
END
;

CREATE OR REPLACE FUNCTION public.note_errors(noted jsonb, most integer)
 RETURNS SETOF errors
 LANGUAGE plpgsql
AS $function$
begin
  -- One after the other: together they make no more groups than there may be.
  perform pg_advisory_xact_lock(4277003);
  return query
    with given as (
      select g.*, e.id is null as fresh, row_number() over (partition by g.source, e.id is null) as nth
      from jsonb_to_recordset(noted) as g(source text, code text, version text, at text, count bigint)
      left join errors e on e.source = g.source and e.code = g.code and e.version = g.version and e.at = g.at
    ), saved as (
      insert into errors as e (source, code, version, at, count)
      select g.source, g.code, g.version, g.at, g.count from given g
      where not g.fresh or g.nth + (select count(*) from errors o where o.source = g.source) <= most
      on conflict (source, code, version, at) do update set count = e.count + excluded.count, last_at = excluded.last_at,
        told_at = case when e.told_at < now() - interval '1 minute' then now() else e.told_at end
      returning e.*
    )
    select s.* from saved s where s.told_at = now();
end $function$
;

CREATE OR REPLACE FUNCTION public.note_forgotten()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform note_deletion(old.room_id, old.seq);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.person_of(site text, author text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN "left"(encode(sha256(convert_to((((('erased'::text || chr(10)) || site) || chr(10)) || author), 'UTF8'::name)), 'hex'::text), 32)
;

CREATE OR REPLACE FUNCTION public.picture_shift(room rooms)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN (COALESCE((((room).stream ->> 'skew'::text))::bigint, (0)::bigint) + (3 * COALESCE((((room).stream ->> 'targetMs'::text))::bigint, (0)::bigint)))
;

CREATE OR REPLACE FUNCTION public.pictures(room rooms, in_pic bigint, in_n bigint, in_below integer, in_above integer)
 RETURNS json
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
 SET enable_incremental_sort TO 'off'
 SET jit TO 'off'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.queue_banned()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not has_hooks() then
    return null;
  end if;
  -- A ban of a whole site is told of where it was done.
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'ban', a.room_id, jsonb_build_object('act', f.act) from fresh f join audit a on a.id = f.act, hooks_of(a.room_id, 'ban') w where f.network is null;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.queue_held()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not has_hooks() then
    return null;
  end if;
  -- In a raid hundreds wait: a chat is told of so many only.
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'held', f.room_id, jsonb_build_object('id', f.id) from fresh f, hooks_of(f.room_id, 'held') w
  where w.kind = 'json' or (select count(*) from held h where h.room_id = f.room_id and h.refused is null and h.id <= f.id) <= 10 order by f.id;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.queue_reported()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not has_hooks() then
    return null;
  end if;
  -- A chat is told of a message once.
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'report', f.room_id, jsonb_build_object('n', f.seq) from (select distinct room_id, seq from fresh) f, hooks_of(f.room_id, 'report') w
  where w.kind = 'json' or (select count(*) from reports p where p.room_id = f.room_id and p.seq = f.seq and p.settled is null) = 1;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.queue_said()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.queue_stream()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into webhook_queue (webhook_id, event, room_id, ref)
  select w.id, 'stream', new.id, '{}' from hooks_of(new.id, 'stream') w where has_hooks();
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.reapply_erasures(log jsonb, after bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and old.created_at < now() - interval '1 year' then
    return old;
  end if;
  if tg_op = 'UPDATE' and to_jsonb(new) - 'detail' = to_jsonb(old) - 'detail' and new.detail = old.detail - '{who,what,reason}'::text[] then
    return new;
  end if;
  raise exception 'the audit is append-only';
end $function$
;

CREATE OR REPLACE FUNCTION public.role_extra(role text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (role IS NOT NULL) THEN jsonb_build_object('role', role) ELSE NULL::jsonb END
;

CREATE OR REPLACE FUNCTION public.room_json(r rooms)
 RETURNS json
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (((jsonb_build_object('id', (r).post_id, 'title', (r).title) || CASE WHEN ((r).stream IS NULL) THEN '{}'::jsonb ELSE jsonb_build_object('stream', ((r).stream - 'url'::text)) END) || CASE WHEN ((r).settings = '{}'::jsonb) THEN '{}'::jsonb ELSE jsonb_build_object('rules', (r).settings) END))::json
;

CREATE OR REPLACE FUNCTION public.rooms_of(in_site text, in_ids jsonb, after bigint)
 RETURNS json
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 WITH looked AS (
          SELECT r.id,
             r.site,
             r.post_id
            FROM rooms r
           WHERE ((r.site = rooms_of.in_site) AND (r.id > rooms_of.after))
           ORDER BY r.id
          LIMIT 1000
         ), person AS (
          SELECT x.value AS author
            FROM jsonb_array_elements_text(rooms_of.in_ids) x(value)
         )
  SELECT json_build_object('last', ( SELECT max(l.id) AS max
            FROM looked l), 'rooms', COALESCE(( SELECT json_agg(json_build_object('id', l.id, 'site', l.site, 'post', l.post_id) ORDER BY l.id) AS json_agg
            FROM looked l
           WHERE ((EXISTS ( SELECT
                    FROM messages m
                   WHERE ((m.room_id = l.id) AND ((m.anonymous_id)::text IN ( SELECT person.author
                            FROM person))))) OR (EXISTS ( SELECT
                    FROM held h
                   WHERE ((h.room_id = l.id) AND ((h.anonymous_id)::text IN ( SELECT person.author
                            FROM person))))) OR (EXISTS ( SELECT
                    FROM reactions x
                   WHERE ((x.room_id = l.id) AND ((x.author)::text IN ( SELECT person.author
                            FROM person))))) OR (EXISTS ( SELECT
                    FROM reports p
                   WHERE ((p.room_id = l.id) AND ((p.author)::text IN ( SELECT person.author
                            FROM person))))))), '[]'::json)) AS json_build_object;
END
;

CREATE OR REPLACE FUNCTION public.row_json(m messages)
 RETURNS json
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN CASE WHEN ((m).deleted_at IS NOT NULL) THEN json_build_object('n', (m).seq, 'rev', (m).rev, 'deleted', true) ELSE json_strip_nulls(json_build_object('n', (m).seq, 'rev', (m).rev, 'cid', (m).cid, 'author', (m).anonymous_id, 'nick', (m).nickname, 'avatar', (m).avatar, 'text', (m).content, 'at', ms((m).created_at), 'pic', ms((m).picture_at), 're', (m).reply_to, 'edited', ms((m).edited_at), 'pin', CASE WHEN ((m).pinned_at IS NOT NULL) THEN true ELSE NULL::boolean END, 'reactions', (m).reactions, 'extra', (m).extra)) END
;

CREATE OR REPLACE FUNCTION public.seq_at(room rooms, at bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE STRICT
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.shield(room rooms, asked jsonb, changed bigint, now_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.sweep_expired(in_room bigint, step integer)
 RETURNS bigint
 LANGUAGE sql
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
BEGIN ATOMIC
 WITH gone AS (
          DELETE FROM messages m
           WHERE ((m.room_id = sweep_expired.in_room) AND (m.seq IN ( SELECT o.seq
                    FROM (messages o
                      JOIN rooms r ON ((r.id = o.room_id)))
                   WHERE ((o.room_id = sweep_expired.in_room) AND (o.seq < r.first))
                   ORDER BY o.seq
                  LIMIT sweep_expired.step)))
           RETURNING m.seq
         ), signs AS (
          DELETE FROM reactions x
            USING gone g
           WHERE ((x.room_id = sweep_expired.in_room) AND (x.seq = g.seq))
         ), forms AS (
          DELETE FROM edits e
            USING gone g
           WHERE ((e.room_id = sweep_expired.in_room) AND (e.seq = g.seq))
         ), words AS (
          DELETE FROM removed d
            USING gone g
           WHERE ((d.room_id = sweep_expired.in_room) AND (d.seq = g.seq))
         ), told AS (
          DELETE FROM reports p
            USING gone g
           WHERE ((p.room_id = sweep_expired.in_room) AND (p.seq = g.seq))
         )
  SELECT count(*) AS count
    FROM gone;
END
;

CREATE OR REPLACE FUNCTION public.take_away(room rooms, in_author text, in_seq bigint, in_act bigint, in_by text, step integer, changed bigint, now_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 WITH found AS (
          SELECT m.room_id,
             m.seq,
             m.rev,
             m.cid,
             m.anonymous_id,
             m.nickname,
             m.avatar,
             m.content,
             m.reply_to,
             m.picture_at,
             m.pinned_at,
             m.reactions,
             m.extra,
             m.created_at,
             m.edited_at,
             m.deleted_at
            FROM messages m
           WHERE ((take_away.in_seq IS NULL) AND (m.room_id = (take_away.room).id) AND ((m.anonymous_id)::text = take_away.in_author) AND (m.deleted_at IS NULL) AND (m.seq >= (take_away.room).first) AND (m.created_at <= ( SELECT a.created_at
                    FROM audit a
                   WHERE (a.id = take_away.in_act))))
         UNION ALL
          SELECT m.room_id,
             m.seq,
             m.rev,
             m.cid,
             m.anonymous_id,
             m.nickname,
             m.avatar,
             m.content,
             m.reply_to,
             m.picture_at,
             m.pinned_at,
             m.reactions,
             m.extra,
             m.created_at,
             m.edited_at,
             m.deleted_at
            FROM messages m
           WHERE ((m.room_id = (take_away.room).id) AND (m.seq = take_away.in_seq) AND (m.deleted_at IS NULL))
  LIMIT take_away.step
         ), picked AS (
          SELECT f.room_id,
             f.seq,
             f.rev,
             f.cid,
             f.anonymous_id,
             f.nickname,
             f.avatar,
             f.content,
             f.reply_to,
             f.picture_at,
             f.pinned_at,
             f.reactions,
             f.extra,
             f.created_at,
             f.edited_at,
             f.deleted_at,
             row_number() OVER (ORDER BY f.seq) AS k
            FROM found f
         ), kept AS (
          INSERT INTO removed (room_id, seq, nickname, avatar, content, extra, reply_to, picture_at, pinned_at, edited_at, act, removed_by, removed_at)  SELECT p.room_id,
                     p.seq,
                     p.nickname,
                     p.avatar,
                     p.content,
                     p.extra,
                     p.reply_to,
                     p.picture_at,
                     p.pinned_at,
                     p.edited_at,
                     take_away.in_act AS in_act,
                     take_away.in_by AS in_by,
                     take_away.now_at AS now_at
                    FROM picked p
         ), emptied AS (
          UPDATE messages m SET rev = (((take_away.room).rev + take_away.changed) + p.k), content = ''::text, nickname = ''::character varying, avatar = ''::character varying, reactions = NULL::jsonb, extra = NULL::jsonb, pinned_at = NULL::timestamp with time zone, picture_at = NULL::timestamp with time zone, reply_to = NULL::bigint, edited_at = NULL::timestamp with time zone, deleted_at = take_away.now_at
            FROM picked p
           WHERE ((m.room_id = p.room_id) AND (m.seq = p.seq))
           RETURNING 1 AS "?column?"
         )
  SELECT count(*) AS count
    FROM emptied;
END
;

CREATE OR REPLACE FUNCTION public.wire_epoch(epoch uuid, mark text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN "left"(encode(sha256(convert_to((((epoch)::text || '/'::text) || mark), 'UTF8'::name)), 'hex'::text), 16)
;
