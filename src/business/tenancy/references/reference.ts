import type { ReferenceKind } from './reference-counter-table.ts';

const letters: Readonly<Record<ReferenceKind, string>> = { ticket: 'T', order: 'O', booking: 'B' };

export function formatReference(kind: ReferenceKind, value: number): string {
  return `${letters[kind]}-${value}`;
}

/**
 * A reference as a recogniser may have heard it ("T 1042", "t-1042", "ticket number 10 42", "1042"): the digits
 * decide. Undefined if there are none, or if the letter is that of another kind.
 */
export function parseReference(kind: ReferenceKind, text: string): string | undefined {
  const digits = text.replaceAll(/\D/g, '');
  if (digits === '' || digits.length > 9) return undefined;
  const letter = /(?:^|[^a-z])([a-z])[\s-]*\d/i.exec(text)?.[1]?.toUpperCase();
  if (letter !== undefined && letter !== letters[kind]) return undefined;
  return formatReference(kind, Number(digits));
}
