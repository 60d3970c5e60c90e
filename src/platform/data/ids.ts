import { TypeID, typeid } from 'typeid-js';

const uuidVariant = 0x8000_0000_0000_0000n;

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

/**
 * The smallest id of its kind made at this time: a bound for ranges of ids by time. With the position of an event it is
 * the id of what follows from that event, the same however often it is made.
 */
export function idAt<Prefix extends string>(prefix: Prefix, atMs: number, position = '0'): Id<Prefix> {
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  const place = (uuidVariant | BigInt(position)).toString(16);
  const uuid = `${time.slice(0, 8)}-${time.slice(8)}-7000-${place.slice(0, 4)}-${place.slice(4)}`;
  return TypeID.fromUUID<string>(prefix, uuid).toString() as Id<Prefix>;
}
