import { hash } from 'node:crypto';
import { StaleVersion } from '../process/errors.ts';

/* Optimistic locking: a row counts its changes in `version`, and clients hold it as an ETag (`W/"7"`). */

/** The versions a client says it has read; undefined when it does not ask for any. */
export type ExpectedVersions = readonly number[] | undefined;

/** What a client asks to have changed, and which version it has read. */
export interface RequestedChange<Changes> {
  readonly changes: Changes;
  readonly ifMatch?: ExpectedVersions;
}

export function formatEtag(version: number): string {
  return `W/"${version}"`;
}

/** Reads `If-Match` by weak comparison: `W/"7"` and `"7"` are the same. What cannot be a version of ours matches none. */
export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '*') return undefined;
  return header.split(',').flatMap((etag) => {
    const digits = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(etag)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

/** Called with the row locked: refuses to change what somebody else has changed since the client read it. */
export function checkVersion(expected: ExpectedVersions, version: number): void {
  if (expected === undefined || expected.includes(version)) return;
  throw new StaleVersion('Somebody has changed this since you read it. Read it again, then change it.');
}

/** The version of something without a row that counts its changes: a number made of what it is. */
export function contentVersion(value: unknown): number {
  // Seven hexadecimal digits are at most nine decimal ones, as many as `parseIfMatch` reads.
  return Number.parseInt(hash('sha256', JSON.stringify(value)).slice(0, 7), 16);
}
