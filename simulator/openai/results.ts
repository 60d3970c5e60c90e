import { isObject } from '../vendor-server.ts';

export type Item = Readonly<Record<string, unknown>>;

/** The first list of objects in a tool's result, wherever it stands; a single object counts as a list of one. */
export function itemsOf(result: unknown): readonly Item[] {
  if (Array.isArray(result)) return (result as unknown[]).filter(isObject);
  if (!isObject(result)) return [];
  for (const value of Object.values(result)) {
    if (Array.isArray(value) && (value.length === 0 || value.some(isObject)))
      return (value as unknown[]).filter(isObject);
  }
  return Object.keys(result).length > 0 ? [recordOf(result)] : [];
}

/** The record in a tool's result: the object itself, or the one it wraps (`{ "booking": { … } }`). */
export function recordOf(result: unknown): Item {
  if (!isObject(result)) return {};
  if (findText(result, /^reference$/i) !== undefined) return result;
  const inner = Object.values(result).find((value) => isObject(value) && Object.keys(value).length > 1);
  return isObject(inner) ? inner : result;
}

/** A text field by its name. */
export function findText(item: Item, name: RegExp): string | undefined {
  const entry = Object.entries(item).find(
    ([key, value]) => name.test(key) && typeof value === 'string' && value !== '',
  );
  return entry?.[1] as string | undefined;
}

export function nameOf(item: Item): string {
  const patterns = [/^(name|title|label)$/i, /^(service|product)name$/i, /^(service|product)$/i, /name$/i];
  return patterns.map((pattern) => findText(item, pattern)).find((name) => name !== undefined) ?? '';
}

export function referenceOf(result: unknown): string | undefined {
  return findText(recordOf(result), /^(reference|ref|number)$/i) ?? findText(recordOf(result), /reference$/i);
}
