-- What went wrong in server and widget, counted; never what an error said.

create table errors (
  id bigint generated always as identity primary key,
  source text not null check (source in ('server', 'widget')),
  code text not null,
  version text not null,
  at text not null,
  count bigint not null,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  told_at timestamptz not null default now(),
  unique (source, code, version, at)
);
create index idx_errors_at on errors (last_at);
comment on column errors.at is 'file and line of our own code; empty: nobody can say';
comment on column errors.told_at is 'when it was last handed on, by whichever server';

-- Counts what is noted, `[{source, code, version, at, count}]`, and gives back what is to be handed on: new groups, and others once
-- a minute. Each source has at most `most` groups, so that what strangers report crowds out nothing of the server's.
create function note_errors(noted jsonb, most int) returns setof errors language plpgsql volatile as $$
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
end $$;
