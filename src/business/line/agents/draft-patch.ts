import { z } from 'zod';
import type { AgentConfig } from './agent-config.ts';
import { listsAfter } from './single-choice.ts';

/**
 * The schema of a partial change: every field is optional at every level of objects, and no default is filled in, so
 * that fields a client does not name stay as they are. Lists and records are replaced as a whole.
 */
export function patchSchemaOf(schema: z.ZodObject): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(schema.shape).map(([name, field]) => [name, z.optional(patchField(field as z.ZodType))]),
    ),
  );
}

function patchField(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault) return patchField(field.unwrap() as z.ZodType);
  return field instanceof z.ZodObject ? patchSchemaOf(field) : field;
}

/** Merges `patch` into `config`, object by object. */
export function applyPatch(config: AgentConfig, patch: Readonly<Record<string, unknown>>): unknown {
  return merged(config, { ...patch, ...listsAfter(config, patch) });
}

const replacedWhole = new Set(['toolSettings']);

function merged(before: object, patch: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const old = result[name];
    result[name] = isObject(old) && isObject(value) && !replacedWhole.has(name) ? merged(old, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
