-- What everybody may see, and beside it the places for what only some may see, for a while.
create table messages (
  room_id bigint not null,
  seq bigint not null,
  rev bigint not null,
  cid varchar(36) not null,
  anonymous_id varchar(16) not null check (anonymous_id ~ '^[a-z2-7]{16}$'),
  nickname varchar(50) not null,
  avatar varchar(20) not null,
  content text not null,
  reply_to bigint,
  picture_at timestamptz,
  pinned_at timestamptz,
  reactions jsonb,
  extra jsonb,
  created_at timestamptz not null,
  edited_at timestamptz,
  deleted_at timestamptz,
  primary key (room_id, seq),
  unique (room_id, rev),
  unique (room_id, anonymous_id, cid)
);
create index idx_messages_room_created_at on messages (room_id, created_at desc);
create index idx_messages_room_picture_at on messages (room_id, picture_at) where picture_at is not null;

comment on column messages.anonymous_id is 'the PUBLIC id of the author, a keyed hash; the secret anonymousId is never stored';

create table reactions (
  room_id bigint not null,
  seq bigint not null,
  author varchar(16) not null,
  emoji text not null,
  created_at timestamptz not null default now(),
  primary key (room_id, seq, author, emoji)
);

create table held (
  room_id bigint not null,
  anonymous_id varchar(16) not null,
  cid varchar(36) not null,
  nickname varchar(50) not null,
  avatar varchar(20) not null,
  content text not null,
  reply_to bigint,
  picture_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (room_id, anonymous_id, cid)
);

create table removed (
  room_id bigint not null,
  seq bigint not null,
  nickname varchar(50) not null,
  avatar varchar(20) not null,
  content text not null,
  extra jsonb,
  removed_by text not null,
  removed_at timestamptz not null default now(),
  primary key (room_id, seq)
);

create table edits (
  room_id bigint not null,
  seq bigint not null,
  rev bigint not null,
  content text not null,
  edited_at timestamptz not null default now(),
  primary key (room_id, seq, rev)
);

create table audit (
  id bigint generated always as identity primary key,
  site text not null default '',
  room_id bigint,
  actor text not null,
  cid varchar(36),
  action text not null,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (room_id, actor, cid)
);
