import { TypeID, typeid } from 'typeid-js';

const uuidVariant = 0x8000_0000_0000_0000n;

/** A sortable id with a prefix for its kind: `call_01jz…` (TypeID over UUIDv7). */
export type Id<Prefix extends string> = `${Prefix}_${string}` & { readonly __brand: Prefix };

export type TenantId = Id<'tnt'>;

export function newId<Prefix extends string>(prefix: Prefix): Id<Prefix> {
  return typeid<string>(prefix).toString() as Id<Prefix>;
}

/** The id if `text` is a well-formed one of this kind, else undefined, so that arbitrary text never reaches a query. */
export function parseId<Prefix extends string>(prefix: Prefix, text: string): Id<Prefix> | undefined {
  try {
    return TypeID.fromString<string>(text, prefix).toString() as Id<Prefix>;
  } catch {
    return undefined;
  }
}

/**
 * The smallest id of its kind for this time, as a bound for ranges by time. With the position of an event it is a
 * deterministic id for what follows from that event.
 */
export function idAt<Prefix extends string>(prefix: Prefix, atMs: number, position = '0'): Id<Prefix> {
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  const place = (uuidVariant | BigInt(position)).toString(16);
  const uuid = `${time.slice(0, 8)}-${time.slice(8)}-7000-${place.slice(0, 4)}-${place.slice(4)}`;
  return TypeID.fromUUID<string>(prefix, uuid).toString() as Id<Prefix>;
}
