import type { RateLimit } from '../../../platform/http/rate-limits.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ExpectedVersions } from '../../../platform/data/version.ts';
import type { Id } from '../../../platform/data/ids.ts';
import type { Tx } from '../tenancy.ts';
import type { Actor, Permission, TenantActor } from '../actor/actor.ts';
import type { PermissionAccess } from './route-access.ts';

/** An id in a path. A malformed one is answered with 404, like one that does not exist. */
export interface PathId<Prefix extends string = string> {
  readonly prefix: Prefix;
  /** Used in the error message, such as `product`. */
  readonly what: string;
}

export function pathId<const Prefix extends string>(prefix: Prefix, what: string): PathId<Prefix> {
  return { prefix, what };
}

type PathParameter = PathId | z.ZodType<unknown, string>;
export type PathParameters = Readonly<Record<string, PathParameter>>;
type RestPath = `/v1/${string}`;

/** The names of the parameters in a path. */
type NamesIn<Path extends string> = Path extends `${string}/:${infer After}`
  ? After extends `${infer Name}/${infer Rest}`
    ? Name | NamesIn<`/${Rest}`>
    : After
  : never;

/** Requires a schema for each parameter of the path, and for the body if the method needs one. */
type Complete<Path extends string> = (
  | { readonly method: 'GET' | 'POST' | 'DELETE' }
  | { readonly method: 'PUT' | 'PATCH'; readonly body: z.ZodType }
) &
  ([NamesIn<Path>] extends [never]
    ? { readonly path: Path }
    : { readonly path: Path; readonly params: Readonly<Record<NamesIn<Path>, PathParameter>> });

/** The parameters of a path without any. */
export type NoParameters = { readonly [Name in string]: never };

export type ParsedParameters<Parameters extends PathParameters> = {
  readonly [Name in keyof Parameters]: Parameters[Name] extends PathId<infer Prefix>
    ? Id<Prefix>
    : Parameters[Name] extends z.ZodType
      ? z.output<Parameters[Name]>
      : never;
};

/** Schemas of successes by status, and of errors whose body has more members than a problem. */
export type Answers = Readonly<Record<number, z.ZodType>>;

/** The content type of an answer: JSON, another text with an example, or a file. */
export type Media =
  | 'application/json'
  | { readonly text: `text/${string}`; readonly example: string }
  | { readonly file: string };

type Success = 200 | 201 | 202 | 204;
type SuccessOf<A extends Answers> = Extract<keyof A, Success>;

/** An answer with its status, for endpoints with several successes; see `answer`. */
export interface StatusAnswer<Status extends number = number, Body = unknown> {
  readonly status: Status;
  readonly body: Body;
}

/** The body of the only success, or `answer(status, body)` if there are several. A 204 has none. */
export type AnswerOf<A extends Answers> =
  | (204 extends SuccessOf<A> ? void : never)
  | { [Status in SuccessOf<A>]: StatusAnswer<Status, z.output<A[Status]>> }[SuccessOf<A>]
  | z.output<A[SuccessOf<A>]>;

class WithStatus<Status extends number, Body> implements StatusAnswer<Status, Body> {
  readonly status: Status;
  readonly body: Body;

  constructor(status: Status, body: Body) {
    this.status = status;
    this.body = body;
  }
}

export function answer<const Status extends number, Body>(
  status: Status,
  body: Body,
): StatusAnswer<Status, Body> {
  return new WithStatus(status, body);
}

export function isStatusAnswer(value: unknown): value is StatusAnswer {
  return value instanceof WithStatus;
}

type Parsed<Schema extends z.ZodType | undefined> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface Described<
  Parameters extends PathParameters,
  Query extends z.ZodType | undefined,
  Body extends z.ZodType | undefined,
  A extends Answers,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: RestPath;
  /** The heading in the documentation. */
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Parameters;
  readonly query?: Query;
  readonly body?: Body;
  readonly answers: A;
  /** Content types of 200 and 206, if not only JSON. The schema in `answers` is that of JSON. */
  readonly media?: readonly Media[];
  /** True if it changes who has access (members, keys, sessions, tenants), so that cached credentials are dropped. */
  readonly changesAccess?: boolean;
  /** Sends `cache-control: no-store`, for answers with a secret or a credential. */
  readonly noStore?: boolean;
}

/** The argument of a handler: the declared parts of the request, validated. */
export interface EndpointContext<Parameters extends PathParameters, Query, Body> {
  readonly tx: Tx;
  readonly actor: TenantActor;
  readonly params: ParsedParameters<Parameters>;
  readonly query: Query;
  readonly body: Body;
  /** `If-Match`, to be passed to `lock`. */
  readonly ifMatch: ExpectedVersions;
  readonly now: Date;
}

/**
 * One operation of the REST API as a value: its access, schemas and handler, which runs in one transaction of the
 * caller's tenant. An answer with a `version` that its schema leaves out gets an ETag.
 */
export interface Endpoint {
  readonly kind: 'in-transaction';
  readonly needs: Permission | PermissionAccess | 'signed-in';
  /** A POST that creates, dials or pays takes an `Idempotency-Key`. */
  readonly idempotent: boolean;
  readonly spec: Described<PathParameters, z.ZodType | undefined, z.ZodType | undefined, Answers>;
  handle(context: EndpointContext<PathParameters, unknown, unknown>): Promise<unknown>;
}

interface InTransactionSpec<
  Parameters extends PathParameters,
  Query extends z.ZodType | undefined,
  Body extends z.ZodType | undefined,
  A extends Answers,
> extends Described<Parameters, Query, Body, A> {
  readonly needs: Endpoint['needs'];
  readonly idempotent?: boolean;
  readonly handle: (
    context: EndpointContext<Parameters, Parsed<Query>, Parsed<Body>>,
  ) => AnswerOf<A> | Promise<AnswerOf<A>>;
}

export function endpoint<
  const Path extends RestPath,
  const Parameters extends PathParameters = NoParameters,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  const A extends Answers = Answers,
>(spec: Complete<Path> & InTransactionSpec<Parameters, Query, Body, A>): Endpoint {
  const {
    needs,
    idempotent = false,
    handle,
    ...described
  }: InTransactionSpec<Parameters, Query, Body, A> = spec;
  return {
    kind: 'in-transaction',
    needs,
    idempotent,
    spec: described,
    // `serveEndpoints` has parsed every part by these schemas before it calls the handler.
    handle: handle as unknown as Endpoint['handle'],
  };
}

export interface RawContext<Parameters extends PathParameters, Query, Body> extends Omit<
  EndpointContext<Parameters, Query, Body>,
  'tx' | 'actor'
> {
  /** Undefined on public endpoints. */
  readonly actor: Actor | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * An endpoint that begins its own transactions: for the public and staff, for streams, files, cookies and redirects,
 * and for work with a vendor or a slow computation in the middle, which no transaction may wait for.
 */
export interface RawEndpoint {
  readonly kind: 'raw';
  readonly needs: Permission | PermissionAccess | 'signed-in' | 'staff' | 'public';
  readonly idempotent: boolean;
  /** The rate limit and the maximum body size of this endpoint. */
  readonly limits: RawLimits;
  readonly spec: Endpoint['spec'];
  handle(context: RawContext<PathParameters, unknown, unknown>): Promise<unknown>;
}

/** A form with files, which the handler reads from the request as they arrive. */
export interface FileLimits {
  readonly maxFiles: number;
  /** A longer file is truncated one byte later, so that the handler notices and can name it in the error. */
  readonly maxFileBytes: number;
  /** The fields of the form, for the documentation. A file is a `formFile`. */
  readonly form: z.ZodType;
}

export interface RawLimits {
  readonly bodyLimitBytes?: number;
  /** Set if it accepts multipart/form-data, which every other endpoint refuses before the body is read. */
  readonly files?: FileLimits;
  readonly rateLimit?: RateLimit;
}

interface RawSpec<
  Parameters extends PathParameters,
  Query extends z.ZodType | undefined,
  Body extends z.ZodType | undefined,
  A extends Answers,
> extends Described<Parameters, Query, Body, A> {
  readonly needs: RawEndpoint['needs'];
  readonly idempotent?: boolean;
  readonly limits?: RawLimits;
  readonly handle: (
    context: RawContext<Parameters, Parsed<Query>, Parsed<Body>>,
  ) => AnswerOf<A> | FastifyReply | Promise<AnswerOf<A> | FastifyReply>;
}

export function rawEndpoint<
  const Path extends RestPath,
  const Parameters extends PathParameters = NoParameters,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  const A extends Answers = Answers,
>(spec: Complete<Path> & RawSpec<Parameters, Query, Body, A>): RawEndpoint {
  const {
    needs,
    idempotent = false,
    limits = {},
    handle,
    ...described
  }: RawSpec<Parameters, Query, Body, A> = spec;
  return {
    kind: 'raw',
    needs,
    idempotent,
    limits,
    spec: described,
    handle: handle as unknown as RawEndpoint['handle'],
  };
}

export type AnyEndpoint = Endpoint | RawEndpoint;
