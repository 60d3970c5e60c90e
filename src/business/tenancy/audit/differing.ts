/** The fields that differ between two states of a resource; either may be missing. */
export function differing(
  before: object | undefined,
  after: object | undefined,
): { readonly before: object | undefined; readonly after: object | undefined } {
  if (before === undefined || after === undefined) return { before, after };
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name)),
  );
  const pick = (from: Map<string, unknown>): object =>
    Object.fromEntries(changed.flatMap((name) => (from.has(name) ? [[name, from.get(name)]] : [])));
  return { before: pick(was), after: pick(is) };
}
