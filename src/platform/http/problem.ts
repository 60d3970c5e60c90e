import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import { type ErrorCode, type FieldProblem, Refusal, VendorError } from '../process/errors.ts';

/** The body of every error answer: RFC 9457, `application/problem+json`. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    code: z.string().describe('What happened, for programs: one of the codes listed in docs/errors.md.'),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'Further members belong to the code.' });

export type Problem = z.infer<typeof problemSchema>;

/** What a client is told of an error; the id of the request is added to the response. */
export interface ProblemCause {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
  /** Extension members, as RFC 9457 calls them. */
  readonly members?: Readonly<Record<string, unknown>>;
}

export function formatProblem(cause: ProblemCause, requestId: string): Problem {
  return {
    ...cause.members,
    type: `urn:parley:problem:${cause.code}`,
    title: STATUS_CODES[cause.status] ?? 'Error',
    status: cause.status,
    ...(cause.detail === undefined ? {} : { detail: cause.detail }),
    code: cause.code,
    requestId,
    ...(cause.errors === undefined ? {} : { errors: [...cause.errors] }),
  };
}

/** Maps errors to HTTP statuses. An unknown error is answered as 500 without details. */
export function problemFor(error: unknown): ProblemCause {
  if (error instanceof Refusal) {
    const { status, code, message: detail, data: members, problems: errors, retryAfterSeconds } = error;
    return {
      status,
      code,
      detail,
      members,
      ...(status === 400 ? { errors } : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  if (error instanceof VendorError) {
    return { status: 502, code: 'vendor-failed', detail: `${error.vendor} could not be reached.` };
  }
  if (isDatabaseUnavailable(error)) {
    const detail = 'The record cannot be read just now; calls go on. Try again in a moment.';
    return { status: 503, code: 'database-unavailable', detail, retryAfterSeconds: 5 };
  }
  return fromFramework(error) ?? { status: 500, code: 'internal' };
}

const frameworkCodes: Readonly<Record<number, ErrorCode>> = {
  404: 'not-found',
  413: 'content-too-large',
  415: 'media-type-not-supported',
};

/** Fastify's own errors (body too large, malformed JSON, unknown media type) have a status. */
function fromFramework(error: unknown): ProblemCause | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return undefined;
  const { statusCode: status, message: detail } = error;
  if (status < 400 || status >= 500) return undefined;
  return { status, code: frameworkCodes[status] ?? 'bad-request', detail };
}

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']);
// PostgreSQL: connection exceptions (08…), shutting down or starting (57P…), too many clients (53300), and the
// statement timeout (57014).
const databaseDown = /^(08\w{3}|57P\d\d|57014|53300)$/;
// `pg` and the embedded pool have no code for these.
const databaseLost =
  /connection timeout|timeout exceeded when trying to connect|Connection terminated|embedded database/;

export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Several addresses tried, none of them reached.
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  if ('code' in error && typeof error.code === 'string') {
    if (unreachable.has(error.code) || databaseDown.test(error.code)) return true;
  }
  return databaseLost.test(error.message);
}
