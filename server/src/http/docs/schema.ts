/** JSON Schema of 2020-12, as much of it as is used here. */
export type Schema = { readonly [name: string]: unknown };

/** What one route takes and gives. Parameters in its path are known by their names. */
export type Route = {
  summary: string;
  tag: 'rooms' | 'moderation' | 'streams' | 'access' | 'privacy' | 'webhooks' | 'operations';
  query?: { readonly [name: string]: Schema };
  /** Of `query`, those that must be there. */
  required?: readonly string[];
  body?: Schema;
  /** Of the body, where it is not JSON. */
  takes?: string;
  /** By status: a schema of JSON, a media type of something else, or null for no body. */
  answers: { readonly [status: number]: Schema | string | null };
  /** Codes of the errors that are this route's own. */
  codes?: readonly string[];
  /** Who may call it, where it is neither everybody nor a role of `httpRights`. */
  by?: 'ticket' | 'signature';
};

export const text = (maxLength?: number, more: Schema = {}): Schema => ({ type: 'string', ...(maxLength !== undefined && { maxLength }), ...more });
export const integer = (minimum?: number, maximum?: number, description?: string): Schema => ({ type: 'integer', ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }), ...(description && { description }) });
export const yes: Schema = { const: true };
export const flag: Schema = { type: 'boolean' };
export const ms = integer(0, undefined, 'milliseconds since 1970');
export const listOf = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
export const mapOf = (additionalProperties: Schema): Schema => ({ type: 'object', additionalProperties });
export const oneOf = (...values: readonly (string | number)[]): Schema => ({ enum: values });
export const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** Nothing but these members; those of `optional` may be missing. */
export function object(properties: { readonly [name: string]: Schema }, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)), additionalProperties: false };
}
