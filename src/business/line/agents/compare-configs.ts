export interface ConfigDifference {
  /** JSON Pointer into the configuration. */
  readonly pointer: string;
  /** Left out where the field is in the other configuration only, as is `after`. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Compares field by field, at every level of objects; lists of plain values are compared as a whole. */
export function compareConfigs(before: unknown, after: unknown, pointer = ''): ConfigDifference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ pointer, ...given('before', before), ...given('after', after) }];
  }
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) =>
    compareConfigs(was.get(name), is.get(name), `${pointer}/${escapePointer(name)}`),
  );
}

function isBranch(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || value.some((item) => typeof item === 'object' && item !== null);
}

function given(name: 'before' | 'after', value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
