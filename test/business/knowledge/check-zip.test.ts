import { describe, expect, it } from 'vitest';
import { checkZip } from '../../../src/business/knowledge/extract/check-zip.ts';
import { Unreadable } from '../../../src/business/knowledge/extract/unreadable.ts';
import { aZip } from './documents.ts';

const manyFiles = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`word/${index}.xml`, '']));

describe('a zip', () => {
  it('gives the names in it', async () => {
    const zip = aZip({ 'word/document.xml': 'x', '[Content_Types].xml': '' });
    expect(await checkZip(zip)).toEqual(['word/document.xml', '[Content_Types].xml']);
  });

  it.each([
    ['with a name that leads elsewhere', aZip({ '../../etc/passwd': 'x' }), 'damaged'],
    ['with an absolute name', aZip({ '/etc/passwd': 'x' }), 'damaged'],
    ['with a password', aZip({ a: 'x' }, { flags: 1 }), 'protected by a password'],
    ['of more files than a document has', aZip(manyFiles), 'more than a document'],
    ['that unpacks to a hundred times its size', aZip({ a: Buffer.alloc(200_000) }), 'more than a document'],
    ['with more inside than it says', aZip({ a: 'xxx' }, { claimedBytes: 2 }), 'more than a document'],
    ['without a directory', aZip({ a: 'x' }).subarray(0, 40), 'damaged'],
    ['whose contents are no deflated data', withoutContents(aZip({ a: 'xxxxxx' })), 'damaged'],
  ])('%s is refused', async (_, bytes, reason) => {
    const refused = await checkZip(bytes).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Unreadable);
    expect(String(refused)).toContain(reason);
  });
});

function withoutContents(zip: Buffer): Buffer {
  // Behind the local header of 30 bytes and a name of one.
  return Buffer.from(zip).fill(0xff, 31, 34);
}
