import type { IncomingHttpHeaders } from 'node:http';
import type * as z from 'zod';

/** A refused WebSocket upgrade, as far as it was read. */
export interface Refusal {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Reads a vendor's reason for refusing a connection. */
export interface RefusalDialect {
  reason(refusal: Refusal): string | undefined;
  /** The request id, for the vendor's support. */
  requestId(refusal: Refusal): string | undefined;
}

export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Undefined if the body is not JSON of this schema. */
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
