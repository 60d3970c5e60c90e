import { inflateRawSync } from 'node:zlib';
import { Unreadable } from './unreadable.ts';

const MAX_ENTRIES = 2_000;
/** Documents of several hundred pages unpack to a tenth of it; what is larger are pictures, or a bomb. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** XML shrinks to a tenth or a twentieth. A hundredth is made to be unpacked. */
const MAX_RATIO = 100;
const SMALL_ENTRY_BYTES = 100_000;

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;

const broken = 'The file is damaged: its contents cannot be unpacked. Save it again and upload it once more.';
const tooLarge =
  'The file unpacks to more than a document can be. Remove large pictures and upload it again.';

/**
 * Looks through a zip before anything unpacks it whole: no more than a document's worth, and no entry larger than
 * its own directory says, because a directory may lie. Gives the names of the entries.
 */
export function checkZip(bytes: Buffer): readonly string[] {
  const { entryCount, directoryOffset } = findDirectory(bytes);
  if (entryCount > MAX_ENTRIES) throw new Unreadable(tooLarge);
  const names: string[] = [];
  let unpackedBytes = 0;
  let position = directoryOffset;
  for (let index = 0; index < entryCount; index += 1) {
    const entry = readEntry(bytes, position);
    unpackedBytes += entry.unpackedBytes;
    const isBomb =
      entry.unpackedBytes > SMALL_ENTRY_BYTES && entry.unpackedBytes > entry.packedBytes * MAX_RATIO;
    if (unpackedBytes > MAX_UNPACKED_BYTES || isBomb) throw new Unreadable(tooLarge);
    unpack(bytes, entry);
    names.push(entry.name);
    position = entry.end;
  }
  return names;
}

function findDirectory(bytes: Buffer): { entryCount: number; directoryOffset: number } {
  const lowest = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = bytes.length - END_BYTES; at >= lowest; at -= 1) {
    if (bytes.readUInt32LE(at) !== END_SIGNATURE) continue;
    const entryCount = bytes.readUInt16LE(at + 10);
    const directoryOffset = bytes.readUInt32LE(at + 16);
    // All ones: the sizes are in a longer form, which no document of this size needs.
    if (entryCount === 0xffff || directoryOffset === 0xffffffff) throw new Unreadable(tooLarge);
    return { entryCount, directoryOffset };
  }
  throw new Unreadable(broken);
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly offset: number;
  readonly end: number;
}

function readEntry(bytes: Buffer, at: number): Entry {
  if (at + ENTRY_BYTES > bytes.length || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE)
    throw new Unreadable(broken);
  const isEncrypted = (bytes.readUInt16LE(at + 8) & 1) === 1;
  if (isEncrypted) throw new Unreadable('The file is protected by a password; upload it without one.');
  const nameBytes = bytes.readUInt16LE(at + 28);
  const nameEnd = at + ENTRY_BYTES + nameBytes;
  return {
    name: bytes.toString('utf8', at + ENTRY_BYTES, nameEnd),
    method: bytes.readUInt16LE(at + 10),
    packedBytes: bytes.readUInt32LE(at + 20),
    unpackedBytes: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
    end: nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32),
  };
}

/** Unpacks and forgets: throws when there is more inside than was declared. */
function unpack(bytes: Buffer, { method, offset, packedBytes, unpackedBytes }: Entry): void {
  if (method === 0) {
    if (packedBytes !== unpackedBytes) throw new Unreadable(broken);
    return;
  }
  if (method !== 8) throw new Unreadable(broken);
  const isThere = offset + LOCAL_BYTES <= bytes.length && bytes.readUInt32LE(offset) === LOCAL_SIGNATURE;
  if (!isThere) throw new Unreadable(broken);
  const start = offset + LOCAL_BYTES + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  try {
    inflateRawSync(bytes.subarray(start, start + packedBytes), {
      maxOutputLength: Math.max(1, unpackedBytes),
    });
  } catch (error) {
    const isMore = error instanceof RangeError;
    throw new Unreadable(isMore ? tooLarge : broken);
  }
}
