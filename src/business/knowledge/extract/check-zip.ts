import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { Unreadable } from './unreadable.ts';

const MAX_ENTRIES = 2_000;
/** Documents of several hundred pages unpack to a tenth of this. Larger archives hold pictures, or are zip bombs. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** XML compresses to a tenth or a twentieth of its size. A file at a hundredth is a zip bomb. */
const MAX_RATIO = 100;
const SMALL_ENTRY_BYTES = 100_000;

const broken = 'The file is damaged: its contents cannot be unpacked. Save it again and upload it once more.';
const tooLarge =
  'The file unpacks to more than a document can be. Remove large pictures and upload it again.';

/**
 * Inspects a zip archive before anything unpacks it whole: its total size is limited, no entry may be larger than the
 * directory of the archive says, because a directory may lie, and no name may lead out of the archive. Returns the
 * names.
 */
export async function checkZip(bytes: Buffer): Promise<readonly string[]> {
  try {
    // The library would report a wrong size like other damage; it is checked below to be told apart.
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: false });
    if (zip.entryCount > MAX_ENTRIES) throw new Unreadable(tooLarge);
    const names: string[] = [];
    let unpackedBytes = 0;
    for await (const entry of zip.eachEntry()) {
      unpackedBytes += entry.uncompressedSize;
      if (unpackedBytes > MAX_UNPACKED_BYTES) throw new Unreadable(tooLarge);
      await checkEntry(zip, entry);
      names.push(entry.fileName);
    }
    return names;
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable(broken);
  }
}

/** Unpacks an entry without storing it, and throws when it is larger than was declared. */
async function checkEntry(zip: ZipFile, entry: Entry): Promise<void> {
  const { compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) {
    throw new Unreadable('The file is protected by a password; upload it without one.');
  }
  if (uncompressedSize > SMALL_ENTRY_BYTES && uncompressedSize > compressedSize * MAX_RATIO) {
    throw new Unreadable(tooLarge);
  }
  let size = 0;
  for await (const piece of await zip.openReadStreamPromise(entry)) {
    size += (piece as Buffer).length;
    if (size > uncompressedSize) throw new Unreadable(tooLarge);
  }
}
