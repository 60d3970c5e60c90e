export type RangeRequest =
  | { readonly type: 'whole' }
  | { readonly type: 'part'; readonly start: number; readonly end: number }
  | { readonly type: 'unsatisfiable' };

/**
 * One range of a `Range` header; `end` is included. Several ranges, other units and malformed headers are answered with
 * the whole file, which RFC 9110 allows.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): RangeRequest {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return { type: 'whole' };
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(0, sizeBytes - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? sizeBytes - 1 : Math.min(Number(match[2]), sizeBytes - 1);
  if (!isSuffix && match[2] !== '' && Number(match[2]) < start) return { type: 'whole' };
  return start > end ? { type: 'unsatisfiable' } : { type: 'part', start, end };
}
