import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

type Type = string | ['list' | 'set' | 'map', Type] | ['object', Record<string, Type>];
export type Attribute = { name: string; type: Type; required: boolean; optional: boolean; computed: boolean; writeOnly: boolean };
export type Nested = { name: string; nesting: 'single' | 'list' | 'set'; min: number; max: number; block: Block };
export type Block = { attributes: Attribute[]; blocks: Nested[] };
export type Schema = { version: string; provider: Block; resources: Record<string, Block>; data: Record<string, Block> };
type Source = { code: string; types: string };

/**
 * The provider's schema as its bindings for TypeScript tell it, for these resources and data sources.
 * They do not tell what is optional and computed at once, which values are allowed, and what excludes what.
 */
export async function readSchema(bindings: string, resources: readonly string[], data: readonly string[]): Promise<Schema> {
  const { cdktf } = JSON.parse(await readFile(path.join(bindings, 'package.json'), 'utf8')) as { cdktf: { provider: { version: string } } };
  const read = async (folder: string): Promise<Block> => rootOf(await sourceOf(path.join(bindings, 'lib', folder)));
  const readAll = async (names: readonly string[], prefix: string): Promise<Record<string, Block>> =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(`${prefix}${name.replace(/^google_/, '').replaceAll('_', '-')}`)] as const)));
  return { version: cdktf.provider.version, provider: await read('provider'), resources: await readAll(resources, ''), data: await readAll(data, 'data-google-') };
}

/** Large resources have their structures in files of their own. */
async function sourceOf(folder: string): Promise<Source> {
  const files = (await readdir(folder, { recursive: true })).sort().map((file) => path.join(folder, file));
  const join = async (ending: string): Promise<string> => (await Promise.all(files.filter((file) => file.endsWith(ending)).map((file) => readFile(file, 'utf8')))).join('\n');
  return { code: (await join('.js')).replaceAll(/\b\w*structs\w*\./g, ''), types: await join('.d.ts') };
}

/** What a resource may leave out and is told then. The bindings do not say which; these are the ones that we ask for. */
const TOLD = new Set(['address', 'id', 'name', 'project']);

function rootOf(source: Source): Block {
  const [, name = ''] = /^class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider)\b/m.exec(source.code) ?? [];
  const block = blockOf(source, `${name}Config`, between(source.code, 'synthesizeHclAttributes() {', '\n    }'), classOf(source, name));
  const attributes = block.attributes.map((one) => (!one.required && TOLD.has(one.name) ? { ...one, computed: true } : one));
  return { ...block, attributes };
}

const ENTRY = /(\w+): \{\s+value: ([^\n]+),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",/g;
const COMPUTED = /\/\/ (\w+) - computed: true, optional: false, required: false\n\s+(?:get \w+\(\) \{\s+return ([^;]+);|this\.\w+ = new ([\w.]+)\(this, "\w+"(?:, (true|false))?\))/g;

/** `given` holds what a configuration may set, `shown` the class that also tells what only the provider knows. */
function blockOf(source: Source, type: string, given: string, shown: string): Block {
  const members = between(source.types, `export interface ${type} `, '\n}');
  const attributes: Attribute[] = [];
  const blocks: Nested[] = [];
  for (const [, name = '', value = '', isBlock, kind, storage = ''] of given.matchAll(ENTRY)) {
    const [, property = ''] = /(?:this\._|struct\.)(\w+)/.exec(value) ?? [];
    const member = new RegExp(`readonly ${property}(\\??):`).exec(members);
    if (!member) throw new Error(`${type} has no member ${property}`);
    const required = member[1] === '';
    if (isBlock === 'false') attributes.push({ name, type: typeOf(kind, storage), required, optional: !required, computed: false, writeOnly: name.endsWith('_wo') });
    else blocks.push(nestedOf(source, name, value, kind, required));
  }
  for (const [, name = '', getter = '', made = '', isSet] of shown.matchAll(COMPUTED)) {
    attributes.push({ name, type: made === '' ? getterOf(getter) : madeOf(source, made, isSet), required: false, optional: false, computed: true, writeOnly: false });
  }
  return { attributes, blocks };
}

function nestedOf(source: Source, name: string, value: string, kind: string | undefined, required: boolean): Nested {
  const [, mapper = ''] = /(?<!cdktf\.)\b(\w+)ToHclTerraform/.exec(value) ?? [];
  const type = `${mapper.charAt(0).toUpperCase()}${mapper.slice(1)}`;
  const block = blockOf(source, type, between(source.code, `function ${mapper}ToHclTerraform(struct) {`, '\n}'), classOf(source, `${type}OutputReference`));
  const nesting = kind === 'struct' ? 'single' : kind === 'set' ? 'set' : 'list';
  const one = !value.includes('listMapperHcl');
  return { name, nesting, min: nesting !== 'single' && required ? 1 : 0, max: nesting !== 'single' && one ? 1 : 0, block };
}

function typeOf(kind: string | undefined, storage: string): Type {
  const of = storage.replace(/(List|Map)$/, '').replace('boolean', 'bool');
  if (kind === 'simple') return of;
  if (kind === 'list' || kind === 'set' || kind === 'map') return [kind, of];
  throw new Error(`${kind} of ${storage} is no type known here`);
}

function getterOf(getter: string): Type {
  const [, of = '', shape = ''] = /get(String|Number|Boolean|)(List|Map|)Attribute\(/.exec(getter) ?? [];
  const item = of === '' ? 'string' : of.toLowerCase().replace('boolean', 'bool');
  if (shape === 'Map') return ['map', item];
  if (shape === 'List' || of === '') return [getter.includes('tolist') ? 'set' : 'list', item];
  return item;
}

function madeOf(source: Source, made: string, isSet: string | undefined): Type {
  const map = /^cdktf\.(String|Number|Boolean|Any)Map$/.exec(made);
  if (map) return ['map', { String: 'string', Number: 'number', Boolean: 'bool', Any: 'dynamic' }[map[1] ?? ''] ?? 'string'];
  const item = made.replace(/(List|OutputReference)$/, '');
  const members = blockOf(source, item, '', classOf(source, `${item}OutputReference`)).attributes;
  return [isSet === 'true' ? 'set' : 'list', ['object', Object.fromEntries(members.map(({ name, type }) => [name, type]))]];
}

function classOf(source: Source, name: string): string {
  return between(source.code, `class ${name} extends `, '\n}');
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  return from < 0 ? '' : text.slice(from, text.indexOf(end, from));
}
