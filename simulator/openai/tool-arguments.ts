import { isObject } from '../vendor-server.ts';
import type { JsonSchema } from './tool-definitions.ts';

/** What is known, by plain names; arguments are filled from it whatever a tool calls them. */
export interface Details {
  readonly service?: string;
  readonly startsAt?: string;
  readonly day?: string;
  readonly days?: number;
  readonly reference?: string;
  readonly callerName?: string;
  readonly phone?: string;
  readonly subject?: string;
  readonly description?: string;
  readonly message?: string;
  readonly comment?: string;
  readonly reason?: string;
  readonly target?: string;
  readonly items?: readonly { readonly product: string; readonly quantity: number }[];
  readonly product?: string;
  readonly quantity?: number;
  readonly note?: string;
  readonly question?: string;
}

/** The first rule whose pattern fits a property's name decides. */
const RULES: readonly (readonly [RegExp, keyof Details])[] = [
  [/^question$/i, 'question'],
  [/^items$|lines$/i, 'items'],
  [/quantity|count|amount/i, 'quantity'],
  [/product|item|sku/i, 'product'],
  [/reference/i, 'reference'],
  [/target|destination|department|transferTo/i, 'target'],
  [/^days$/i, 'days'],
  [/start|time|slot|^when$|^at$/i, 'startsAt'],
  [/date|day|^from$/i, 'day'],
  [/phone|number$/i, 'phone'],
  [/service/i, 'service'],
  [/name|^caller$|^customer$/i, 'callerName'],
  [/subject|title|topic/i, 'subject'],
  [/description|details|body|problem/i, 'description'],
  [/message|text/i, 'message'],
  [/comment/i, 'comment'],
  [/note/i, 'note'],
  [/reason|summary/i, 'reason'],
  [/id$/i, 'reference'],
];

/** Arguments for a tool: what is known in its place, null where nothing is and null is allowed. */
export function fillArguments(schema: JsonSchema, details: Details): Record<string, unknown> {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const entries = Object.entries(properties).map(([name, property]) => {
    const value = valueFor(name, isObject(property) ? property : {}, details);
    return [name, value] as const;
  });
  return Object.fromEntries(entries.filter(([name, value]) => required.includes(name) || value !== null));
}

/** A property that a tool has, by what it means. */
export function findProperty(schema: JsonSchema, detail: keyof Details): string | undefined {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.keys(properties).find((name) => detailOf(name) === detail);
}

export function isNullable(schema: JsonSchema, property: string): boolean {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const definition = properties[property];
  return !required.includes(property) || (isObject(definition) && allowsNull(definition));
}

function detailOf(name: string): keyof Details | undefined {
  return RULES.find(([pattern]) => pattern.test(name))?.[1];
}

function valueFor(name: string, schema: JsonSchema, details: Details): unknown {
  const detail = detailOf(name);
  const known = detail === undefined ? undefined : details[detail];
  const type = typeOf(schema);
  const options = Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : undefined;
  if (options) return options.includes(known) ? known : allowsNull(schema) ? null : options[0];
  if (type === 'array' && known !== undefined) return fillItems(schema, known);
  if (known !== undefined && fits(type, known)) return known;
  if (allowsNull(schema)) return null;
  return emptyValue(type, schema, details);
}

function fillItems(schema: JsonSchema, known: unknown): unknown {
  const itemSchema = isObject(schema['items']) ? schema['items'] : {};
  if (!Array.isArray(known)) return [known];
  return (known as unknown[]).map((item) =>
    typeOf(itemSchema) === 'object' && isObject(item) ? fillArguments(itemSchema, item) : item,
  );
}

/** Something of the right type where a tool insists on what nobody has said. */
function emptyValue(type: string, schema: JsonSchema, details: Details): unknown {
  switch (type) {
    case 'string':
      return details.description ?? details.message ?? '';
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return fillArguments(schema, details);
    default:
      return null;
  }
}

function fits(type: string, value: unknown): boolean {
  if (type === 'integer' || type === 'number') return typeof value === 'number';
  return type === 'string' ? typeof value === 'string' : type === '';
}

function typesOf(schema: JsonSchema): unknown[] {
  const { type, anyOf } = schema;
  if (Array.isArray(type)) return type as unknown[];
  if (typeof type === 'string') return [type];
  return Array.isArray(anyOf)
    ? (anyOf as unknown[]).flatMap((part) => (isObject(part) ? typesOf(part) : []))
    : [];
}

function typeOf(schema: JsonSchema): string {
  const type = typesOf(schema).find((name) => name !== 'null');
  return typeof type === 'string' ? type : '';
}

function allowsNull(schema: JsonSchema): boolean {
  return typesOf(schema).includes('null');
}
