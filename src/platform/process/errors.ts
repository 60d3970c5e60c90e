/** The few errors that cross shelves. Expected outcomes are values; these are for what the caller must be told. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/** The request is well formed, but the state of things refuses it (slot taken, ticket closed). */
export class Conflict extends Error {
  override readonly name = 'Conflict';
  /** What the problem document says besides the sentence: the steps allowed, the times free. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    {
      members = {},
      ...options
    }: ErrorOptions & { readonly members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options);
    this.members = members;
  }
}

export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** Nobody we know: no credential, or one that is not valid any more. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
}

/** The client changes what somebody else has changed since it was read (`If-Match`). */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';
}

/** Understood, and impossible to do as it was asked; unlike `InvalidInput`, not for its form. */
export class Unprocessable extends Error {
  override readonly name = 'Unprocessable';
}

/** The whole business is out, whoever asks: the platform's staff have suspended it. */
export class TenantSuspended extends Error {
  override readonly name = 'TenantSuspended';

  constructor() {
    super('This business is suspended. Its data is kept; please write to support to have it restored.');
  }
}

/** We could, and cannot just now: too much of it at once, or something is not set up. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class TooManyRequests extends Error {
  override readonly name = 'TooManyRequests';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly problems: readonly { readonly pointer: string; readonly detail: string }[];

  constructor(message: string, problems: InvalidInput['problems'] = []) {
    super(message);
    this.problems = problems;
  }
}

/** A vendor failed us. `isRetryable` is decided once, at the vendor's edge, from its status or close code. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  /** The name of its value in `src/vendors/`. */
  readonly vendor: string;
  readonly isRetryable: boolean;
  /** What the vendor said: an HTTP status, a close code or its own slug. */
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
