import { TypeID, typeid } from 'typeid-js';

/** A sortable id with its kind in front: `call_01jz…` (TypeID over UUIDv7). */
export type Id<Prefix extends string> = `${Prefix}_${string}` & { readonly __brand: Prefix };

export type TenantId = Id<'tnt'>;

export function newId<Prefix extends string>(prefix: Prefix): Id<Prefix> {
  return typeid<string>(prefix).toString() as Id<Prefix>;
}

/** The id when `text` is a well-formed one of this kind, else undefined (foreign text never reaches a query). */
export function parseId<Prefix extends string>(prefix: Prefix, text: string): Id<Prefix> | undefined {
  try {
    return TypeID.fromString<string>(text, prefix).toString() as Id<Prefix>;
  } catch {
    return undefined;
  }
}

/** The smallest id of its kind made at this time: a bound for ranges of ids by time. */
export function idAt<Prefix extends string>(prefix: Prefix, atMs: number): Id<Prefix> {
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  const uuid = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
  return TypeID.fromUUID<string>(prefix, uuid).toString() as Id<Prefix>;
}
