-- A room is a set of rows and one counter; the last four columns are what every change moves, under this row's lock.
create table rooms (
  id bigint generated always as identity primary key,
  site text not null default '',
  post_id varchar(255) not null,
  title text,
  epoch uuid not null default gen_random_uuid(),
  settings jsonb not null default '{}',
  stream jsonb,
  facts_rev bigint not null default 0,
  created_at timestamptz not null default now(),
  rev bigint not null default 0,
  seq bigint not null default 0,
  first bigint not null default 1,
  last_at timestamptz not null default '-infinity',
  unique (site, post_id)
) with (fillfactor = 50);

comment on column rooms.rev is 'number of the newest change of any kind';
comment on column rooms.seq is 'number of the newest message; messages are counted without holes';
comment on column rooms.first is 'messages below this number no longer exist';
comment on column rooms.facts_rev is 'number of the newest change of the room itself (title, settings, stream)';
