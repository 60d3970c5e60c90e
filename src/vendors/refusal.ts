import type { IncomingHttpHeaders } from 'node:http';
import type * as z from 'zod';

/** A refused upgrade, as far as it was read. */
export interface Refusal {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Where a vendor writes why it refused a connection. */
export interface RefusalDialect {
  reason(refusal: Refusal): string | undefined;
  /** What the vendor's support asks for. */
  requestId(refusal: Refusal): string | undefined;
}

export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Undefined where the body is not JSON of that form. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: string,
): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
