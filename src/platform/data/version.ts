import { hash } from 'node:crypto';
import { StaleVersion } from '../process/errors.ts';

/* Optimistic locking: a row counts its changes in `version`, and clients hold it as an ETag (`W/"7"`). */

/** The versions in `If-Match`; undefined without a condition. */
export type ExpectedVersions = readonly number[] | undefined;

/** What a client asks to have changed, and which version it has read. */
export interface RequestedChange<Changes> {
  readonly changes: Changes;
  readonly ifMatch?: ExpectedVersions;
}

export function formatEtag(version: number): string {
  return `W/"${version}"`;
}

/** Parses `If-Match` by weak comparison: `W/"7"` and `"7"` are the same. Any other ETag matches no version. */
export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '*') return undefined;
  return header.split(',').flatMap((etag) => {
    const digits = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(etag)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

/** Throws `StaleVersion` if somebody has changed the row since the client read it. The row must be locked. */
export function checkVersion(expected: ExpectedVersions, version: number): void {
  if (expected === undefined || expected.includes(version)) return;
  throw new StaleVersion('Somebody has changed this since you read it. Read it again, then change it.');
}

/** A version derived from the content, for what has no `version` column. */
export function contentVersion(value: unknown): number {
  // Seven hexadecimal digits are at most nine decimal digits, the maximum of `parseIfMatch`.
  return Number.parseInt(hash('sha256', JSON.stringify(value)).slice(0, 7), 16);
}
