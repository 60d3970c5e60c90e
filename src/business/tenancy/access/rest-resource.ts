import { z } from 'zod';
import type { Id } from '../../../platform/data/ids.ts';
import type { Permission, TenantActor } from '../actor/actor.ts';
import type { Tx } from '../tenancy.ts';
import type { AnswerOf, Answers, Endpoint, EndpointContext, PathId, PathParameters } from './endpoint.ts';

type Spec = Endpoint['spec'];
type Context = EndpointContext<PathParameters, unknown, unknown>;

/** Names of resources with both permissions, such as `products` for `products:read` and `products:write`. */
type Permitted<P> = P extends `${infer Name}:read`
  ? `${Name}:write` extends Permission
    ? Name
    : never
  : never;

/** A path without parameters, because the id is the only one. */
type Plain<Path extends string> = Path extends `${string}:${string}` ? never : Path;

interface Resource<Prefix extends string, Row extends z.ZodType> {
  readonly path: Spec['path'];
  readonly id: PathId<Prefix>;
  readonly tag: string;
  readonly permission: Permitted<Permission>;
  /** Schema of the answer of endpoints without `answers`. */
  readonly row: Row;
}

/** The properties of an endpoint besides its summary, and its service. */
interface Part<A extends Answers, Given extends readonly unknown[]> extends Pick<
  Spec,
  'description' | 'changesAccess' | 'noStore'
> {
  readonly answers?: A;
  readonly handle: (tx: Tx, ...given: Given) => Promise<AnswerOf<A>>;
}

/** The parts of a request besides its content that services take; `ifMatch` is for `lock`. */
type RequestContext = Pick<Context, 'ifMatch' | 'now'>;

/**
 * The usual endpoints of a resource, each made by a method that fixes its HTTP method, path, permission and status.
 * `handle` has the signature of services, `(tx, …)` to read and `(tx, actor, …)` to change, so that most are passed
 * directly. Unusual endpoints are in the same list, as a plain `endpoint`.
 */
class RestResource<Prefix extends string, Row extends z.ZodType> {
  readonly #resource: Resource<Prefix, Row>;

  constructor(resource: Resource<Prefix, Row>) {
    this.#resource = resource;
  }

  /** `GET /v1/products` */
  list<Query extends z.ZodType, Page extends z.ZodType>(
    summary: string,
    part: Part<{ 200: Page }, [query: z.output<Query>]> & { readonly query: Query; readonly page: Page },
  ): Endpoint {
    const { page, handle, ...said } = part;
    return this.#make('GET', '', { summary, answers: { 200: page }, ...said }, ({ tx, query }) =>
      handle(tx, query as z.output<Query>),
    );
  }

  /** `GET /v1/tickets/:id/comments` */
  listOf<Name extends string, Query extends z.ZodType, Page extends z.ZodType>(
    name: Plain<Name>,
    summary: string,
    part: Part<{ 200: Page }, [id: Id<Prefix>, query: z.output<Query>]> & {
      readonly query: Query;
      readonly page: Page;
    },
  ): Endpoint {
    const { page, handle, ...said } = part;
    return this.#make('GET', `/:id/${name}`, { summary, answers: { 200: page }, ...said }, (context) =>
      handle(context.tx, idIn(context), context.query as z.output<Query>),
    );
  }

  /** `POST /v1/products`: answers 201, and takes an `Idempotency-Key`. */
  create<Body extends z.ZodType, const A extends Answers = { 201: Row }>(
    summary: string,
    part: Part<A, [actor: TenantActor, body: z.output<Body>, request: RequestContext]> & {
      readonly body: Body;
    },
  ): Endpoint {
    const { handle, ...said } = part;
    const usual = { answers: { 201: this.#resource.row }, idempotent: true };
    return this.#make('POST', '', { summary, ...usual, ...said }, (context) =>
      handle(context.tx, context.actor, context.body as z.output<Body>, requestContextOf(context)),
    );
  }

  /** `GET /v1/products/:id` */
  read<const A extends Answers = { 200: Row }>(summary: string, part: Part<A, [id: Id<Prefix>]>): Endpoint {
    const { handle, ...said } = part;
    return this.#make('GET', '/:id', { summary, ...said }, (context) => handle(context.tx, idIn(context)));
  }

  /** `PATCH /v1/products/:id` */
  change<Body extends z.ZodType, const A extends Answers = { 200: Row }>(
    summary: string,
    part: Part<
      A,
      [actor: TenantActor, id: Id<Prefix>, change: { readonly changes: z.output<Body> } & RequestContext]
    > & {
      readonly body: Body;
    },
  ): Endpoint {
    const { handle, ...said } = part;
    return this.#make('PATCH', '/:id', { summary, ...said }, (context) => {
      const changes = context.body as z.output<Body>;
      return handle(context.tx, context.actor, idIn(context), { changes, ...requestContextOf(context) });
    });
  }

  /** `DELETE /v1/products/:id` */
  remove<const A extends Answers = { 204: z.ZodNull }>(
    summary: string,
    part: Part<A, [actor: TenantActor, id: Id<Prefix>, request: RequestContext]>,
  ): Endpoint {
    const { handle, ...said } = part;
    return this.#make('DELETE', '/:id', { summary, answers: { 204: z.null() }, ...said }, (context) =>
      handle(context.tx, context.actor, idIn(context), requestContextOf(context)),
    );
  }

  /** `POST /v1/bookings/:id/cancel` */
  action<
    Verb extends string,
    Body extends z.ZodType = z.ZodUndefined,
    const A extends Answers = { 200: Row },
  >(
    verb: Plain<Verb>,
    summary: string,
    part: Part<
      A,
      [actor: TenantActor, id: Id<Prefix>, request: { readonly body: z.output<Body> } & RequestContext]
    > & {
      readonly body?: Body;
      readonly idempotent?: boolean;
    },
  ): Endpoint {
    const { handle, ...said } = part;
    return this.#make('POST', `/:id/${verb}`, { summary, ...said }, (context) => {
      const body = context.body as z.output<Body>;
      return handle(context.tx, context.actor, idIn(context), { body, ...requestContextOf(context) });
    });
  }

  #make(
    method: Spec['method'],
    under: '' | `/:id${string}`,
    said: Omit<Spec, 'method' | 'path' | 'tag' | 'params' | 'answers'> & {
      readonly answers?: Answers;
      readonly idempotent?: boolean;
    },
    handle: Endpoint['handle'],
  ): Endpoint {
    const { path, id, tag, permission, row } = this.#resource;
    const { idempotent = false, answers = { 200: row }, ...spec } = said;
    const params = under === '' ? {} : { params: { id } };
    return {
      kind: 'in-transaction',
      needs: `${permission}:${method === 'GET' ? 'read' : 'write'}`,
      idempotent,
      spec: { method, path: `${path}${under}`, tag, answers, ...params, ...spec },
      handle,
    };
  }
}

/** `const products = restResource({ path: '/v1/products', … })`, and then `products.list(…)`, `products.create(…)`. */
export function restResource<Path extends Spec['path'], const Prefix extends string, Row extends z.ZodType>(
  resource: Resource<Prefix, Row> & { readonly path: Plain<Path> },
): RestResource<Prefix, Row> {
  return new RestResource(resource);
}

function idIn<Prefix extends string>({ params }: Context): Id<Prefix> {
  return (params as Readonly<Record<string, unknown>>)['id'] as Id<Prefix>;
}

function requestContextOf({ ifMatch, now }: Context): RequestContext {
  return { ifMatch, now };
}
