import { z } from 'zod';

type JsonSchema = { readonly [key: string]: unknown };

// The vendor's strict mode refuses these; zod checks them all the same when the arguments come.
const REFUSED_KEYWORDS = ['$schema', 'default', 'minLength', 'maxLength'];

/**
 * Converts a schema for the model vendor's strict mode: every property required, an optional one nullable instead, and
 * no others allowed. `withoutNulls` turns such arguments back.
 */
export function strictJsonSchema(schema: z.ZodObject): Record<string, unknown> {
  return strict(z.toJSONSchema(schema, { io: 'input' }));
}

function strict(schema: JsonSchema): Record<string, unknown> {
  const kept = Object.fromEntries(Object.entries(schema).filter(([key, value]) => isKept(key, value)));
  if (isSchema(kept['items'])) kept['items'] = strict(kept['items']);
  if (Array.isArray(kept['anyOf'])) kept['anyOf'] = kept['anyOf'].filter(isSchema).map(strict);
  if (kept['type'] !== 'object') return kept;
  const properties = Object.entries((kept['properties'] ?? {}) as Record<string, JsonSchema>);
  const required = new Set(kept['required'] as string[] | undefined);
  return {
    ...kept,
    properties: Object.fromEntries(
      properties.map(([name, property]) => [
        name,
        required.has(name) ? strict(property) : nullable(strict(property)),
      ]),
    ),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  };
}

/** zod gives an integer the limits of safe integers, which only cost tokens. */
function isKept(key: string, value: unknown): boolean {
  return !REFUSED_KEYWORDS.includes(key) && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER;
}

function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'];
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Removes nulls at any depth: strict mode makes the model send null for what it leaves out. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}
