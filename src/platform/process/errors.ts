import type { generalCodes } from './error-codes.ts';

/**
 * Every code an error can carry. Platform declares those of HTTP; the product adds its own by declaration merging, so
 * that a code that is not declared, or data that does not belong to it, does not compile.
 */
export interface ErrorCodes extends GeneralCodes {}
type GeneralCodes = typeof generalCodes;

export type ErrorCode = keyof ErrorCodes;

/** The declared codes of one status. */
type CodeOf<Status extends number> = {
  [Code in ErrorCode]: ErrorCodes[Code]['status'] extends Status ? Code : never;
}[ErrorCode];

type DataOf<Entry> = Entry extends { readonly data: infer Data }
  ? { readonly data: { readonly [Member in keyof Data]: unknown } }
  : { readonly data?: undefined };

/** Code and data of an error. Without a code it has the general one of its status. */
export type RefusalDetails<Status extends number> = ErrorOptions &
  (
    | { readonly code?: undefined; readonly data?: undefined }
    | { [Code in CodeOf<Status>]: { readonly code: Code } & DataOf<ErrorCodes[Code]> }[CodeOf<Status>]
  );

/** A problem with one field. A pointer into the body has no prefix; others start with `/querystring` or `/headers`. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

interface RefusalParts extends ErrorOptions {
  readonly status: number;
  readonly code: ErrorCode;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Base of the errors for a request that is refused for a known reason. The message is one neutral sentence for a
 * client; what a program needs is in `code` and `data`, and the agent's tools word the next step for the model.
 * Expected outcomes are return values, not errors.
 */
export abstract class Refusal extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  /** Extension members of the problem document, such as allowed steps or free times. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly problems: readonly FieldProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    { status, code, data = {}, ...options }: RefusalParts,
    extra: { readonly problems?: readonly FieldProblem[]; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.data = data;
    this.problems = extra.problems ?? [];
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** The request is malformed, or has an impossible value. */
export class InvalidInput extends Refusal {
  override readonly name = 'InvalidInput';

  constructor(message: string, problems: readonly FieldProblem[] = [], details: RefusalDetails<400> = {}) {
    super(message, { ...details, status: 400, code: details.code ?? 'invalid-input' }, { problems });
  }
}

/** There is no credential, or an invalid one. */
export class Unauthorized extends Refusal {
  override readonly name = 'Unauthorized';

  constructor(message: string, details: RefusalDetails<401> = {}) {
    super(message, { ...details, status: 401, code: details.code ?? 'unauthorized' });
  }
}

export class Forbidden extends Refusal {
  override readonly name = 'Forbidden';

  constructor(message: string, details: RefusalDetails<403> = {}) {
    super(message, { ...details, status: 403, code: details.code ?? 'forbidden' });
  }
}

export class NotFound extends Refusal {
  override readonly name = 'NotFound';

  constructor(message: string, details: RefusalDetails<404> = {}) {
    super(message, { ...details, status: 404, code: details.code ?? 'not-found' });
  }
}

/** The request is well formed, but conflicts with the current state (slot taken, ticket closed). */
export class Conflict extends Refusal {
  override readonly name = 'Conflict';

  constructor(
    message: string,
    { retryAfterSeconds, ...details }: RefusalDetails<409> & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(
      message,
      { ...details, status: 409, code: details.code ?? 'conflict' },
      retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    );
  }
}

/** The resource has changed since the client read it (`If-Match`). */
export class StaleVersion extends Refusal {
  override readonly name = 'StaleVersion';

  constructor(message: string) {
    super(message, { status: 412, code: 'stale-version' });
  }
}

/** The request is well formed, but cannot be carried out. */
export class Unprocessable extends Refusal {
  override readonly name = 'Unprocessable';

  constructor(message: string, details: RefusalDetails<422> = {}) {
    super(message, { ...details, status: 422, code: details.code ?? 'unprocessable' });
  }
}

export class TooManyRequests extends Refusal {
  override readonly name = 'TooManyRequests';

  constructor(message: string, retryAfterSeconds: number, details: RefusalDetails<429> = {}) {
    super(
      message,
      { ...details, status: 429, code: details.code ?? 'too-many-requests' },
      { retryAfterSeconds },
    );
  }
}

/** Temporarily impossible: overloaded, or something is not configured. */
export class Unavailable extends Refusal {
  override readonly name = 'Unavailable';

  constructor(message: string, retryAfterSeconds: number, details: RefusalDetails<503> = {}) {
    super(message, { ...details, status: 503, code: details.code ?? 'unavailable' }, { retryAfterSeconds });
  }
}

/** A request to a vendor failed. The adapter decides `isRetryable` once, from the status or close code. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  /** The vendor's `name`, as in `src/vendors/`. */
  readonly vendor: string;
  readonly isRetryable: boolean;
  /** An HTTP status, a close code, or the vendor's own code. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    vendor: string,
    message: string,
    options: { isRetryable: boolean; code: string; retryAfterMs?: number; cause?: unknown },
  ) {
    super(`${vendor}: ${message}`, { cause: options.cause });
    this.vendor = vendor;
    this.isRetryable = options.isRetryable;
    this.code = options.code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
