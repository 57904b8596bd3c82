import postgres from 'postgres';

/**
 * The schema as SQL, printed from the catalogue: what a newcomer reads after all migrations.
 * The embedded PostgreSQL brings no pg_dump, and an older one refuses a newer server.
 */
export async function printSchema(url: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const tables = await sql<{ name: string; text: string; options: string | null }[]>`
      select c.relname as name, c.reloptions::text as options,
        string_agg(format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case a.attidentity when 'a' then ' generated always as identity' else '' end,
          case when a.attnotnull then ' not null' else '' end,
          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\n' order by a.attnum) as text
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      group by c.oid, c.relname order by c.relname`;
    // From 18 on, NOT NULL is a constraint of its own; the column says it already.
    const constraints = await sql<{ name: string; text: string }[]>`
      select conrelid::regclass::text as name, format('  constraint %I %s', conname, pg_get_constraintdef(oid)) as text
      from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'c', 'f') order by conrelid::regclass::text, contype desc, conname`;
    const indexes = await sql<{ text: string }[]>`
      select indexdef || ';' as text from pg_indexes i where schemaname = 'public'
        and not exists (select from pg_constraint c where c.conname = i.indexname) order by indexname`;
    const comments = await sql<{ text: string }[]>`
      select format('comment on column %I.%I is %L;', c.relname, a.attname, d.description) as text
      from pg_description d join pg_class c on c.oid = d.objoid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
      where c.relnamespace = 'public'::regnamespace order by c.relname, a.attnum`;
    const functions = await sql<{ text: string }[]>`
      select pg_get_functiondef(p.oid) || ';' as text from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname`;
    return [
      '-- Printed from the catalogue after all migrations by `pnpm fix`; `pnpm check` fails when it is stale.',
      ...tables.map(({ name, text, options }) => `create table ${name} (\n${[text, ...constraints.filter((one) => one.name === name).map((one) => one.text)].join(',\n')}\n)${options ? ` with (${options.slice(1, -1)})` : ''};`),
      indexes.map(({ text }) => text).join('\n'),
      comments.map(({ text }) => text).join('\n'),
      ...functions.map(({ text }) => text.trim()),
    ].join('\n\n').concat('\n');
  } finally {
    await sql.end({ timeout: 1 });
  }
}
