import type { Schema } from '../../src/http/docs/schema.ts';
import type { Random } from '../faults/random.ts';

type Operation = { parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: Schema }[]; requestBody?: { content: Record<string, { schema: Schema }> } };
/** By the name of a parameter or a member: what is there. */
export type Known = { readonly [name: string]: readonly string[] };
export type Request = { route: string; method: string; path: string; type?: string; body?: string };

/** What is nearly right, or wrong in ways that programs forget. */
const ODD: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 1e300, 2 ** 53, '', ' ', '0', '-1', 'null', '\u0000', '\ud800', '‮', '가나다', '👩‍👩‍👧‍👦', "'; drop table rooms; --", '%', '%00', '../..', '__proto__', 'constructor', '{}', '<script>', '\r\nx: y',
  [], [[]], {}, { __proto__: null }, { toString: 1 }, 'a'.repeat(300), '가'.repeat(2_000),
];

/** A request that the document allows, or one that it nearly allows. */
export function makeRequest(document: { paths: Record<string, Record<string, Operation>> }, random: Random, known: Known): Request {
  const at = random.pick(Object.keys(document.paths));
  const operations = document.paths[at] ?? {};
  const method = random.pick(Object.keys(operations));
  const { parameters, requestBody } = operations[method] as Operation;
  let path = at;
  const query: string[] = [];
  for (const { name, in: place, required, schema } of parameters) {
    const own = known[name];
    const value = random.chance(0.5) && own ? random.pick(own) : asText(make(schema, random));
    if (place === 'path') path = path.replace(`{${name}}`, encode(value, random));
    else if (random.chance(required ? 0.95 : 0.4)) query.push(`${name}=${encode(value, random)}`);
  }
  if (random.chance(0.02)) query.push(query[0] ?? 'site=a', query[0] ?? 'site=b');
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const body = content === undefined ? undefined : random.chance(0.03) ? '{"' : type === 'application/json' ? JSON.stringify(make(content.schema, random, known)) : lines(random);
  return {
    route: `${method.toUpperCase()} ${at}`, method: method.toUpperCase(), path: `${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    ...(body !== undefined && { body, type: random.chance(0.97) ? type ?? '' : random.pick(['text/plain', 'application/xml', '']) }),
  };
}

function make(schema: Schema, random: Random, known: Known = {}): unknown {
  if (random.chance(0.12)) return random.pick(ODD);
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return random.pick(schema.enum as unknown[]);
  const some = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (some) return make(random.pick(some), random);
  switch (schema.type) {
    case 'string': return makeText(schema, random);
    case 'integer': return random.chance(0.5) ? random.between(Number(schema.minimum ?? 0), Math.min(Number(schema.maximum ?? 200), 2 ** 31)) : random.pick([schema.minimum ?? 0, schema.maximum ?? 2 ** 53, Number(schema.minimum ?? 0) - 1, Number(schema.maximum ?? 1) + 1]);
    case 'boolean': return random.chance(0.5);
    case 'array': return Array.from({ length: random.between(0, 4) }, () => make((schema.items ?? {}) as Schema, random));
    case 'object': {
      const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
      const required = (schema.required ?? []) as string[];
      return Object.fromEntries(properties.filter(([name]) => random.chance(required.includes(name) ? 0.97 : 0.5)).map(([name, one]) => {
        const own = known[name];
        return [name, own && random.chance(0.5) ? random.pick(own) : make(one, random)];
      }));
    }
    default: return random.pick(ODD);
  }
}

/** A pattern is met where it is one of letters and a length. */
function makeText({ pattern, maxLength, format }: Schema, random: Random): string {
  const [, letters, length] = /^\^\[(.+)\]\{(\d+)\}\$$/.exec(String(pattern ?? '')) ?? [];
  if (letters !== undefined) return Array.from({ length: Number(length) }, () => random.pick(letters.includes('A') ? [...'ABCDEFGH23456789'] : [...'abcdefghij234567'])).join('');
  if (format === 'uri') return random.pick(['http://127.0.0.1:1/x.m3u8', 'http://10.0.0.1/x.m3u8', 'ftp://a', 'http://', 'http://[::1]/x', 'https://0x7f.1/a.m3u8', 'http://a:b@localhost/x.m3u8']);
  const size = random.chance(0.1) ? Number(maxLength ?? 80) + random.between(-1, 1) : random.between(0, Math.min(Number(maxLength ?? 12), 12));
  return random.chance(0.3) ? '한'.repeat(Math.max(0, size)) : random.token(Math.max(0, size));
}

function lines(random: Random): string {
  return Array.from({ length: random.between(0, 5) }, () => (random.chance(0.7) ? JSON.stringify({ n: 1, cid: random.token(12), author: 'abcdefghij234567', nick: '여우', avatar: 'fox', text: random.token(8), at: random.between(0, 2 ** 40), [random.token(2)]: random.pick(ODD) }) : asText(random.pick(ODD)))).join('\n');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

/** Mostly as a client would, sometimes as none should. */
function encode(value: string, random: Random): string {
  if (random.chance(0.02)) return value.replace(/[^\w%.~-]/g, '%ff');
  return encodeURIComponent(value.toWellFormed());
}
