import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { permissions } from '../../src/business/tenancy/actor/permissions.ts';
import type { RestRoute } from '../../src/business/tenancy/access/route-access.ts';
import { examplesOf, nameOf } from './route-requests.ts';

/** A part of the OpenAPI document that may carry examples; the document holds JSON only. */
interface Described {
  readonly $ref?: string;
  readonly schema?: Described;
  readonly example?: unknown;
  readonly examples?: unknown;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>> | undefined>>;
  readonly components: { readonly schemas: Readonly<Record<string, Described>> };
}

interface OpenApiOperation {
  readonly requestBody?: { readonly content: Readonly<Record<string, Described>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Described>> }>>;
}

/** A body that an endpoint takes or answers with, in one media type. */
interface Body {
  /** As the sentences name it: `its body`, `its answer 200`. */
  readonly what: string;
  readonly mediaType: string;
  readonly schema: unknown;
}

/** What the endpoint leaves out of its declaration: sentences that name it and the remedy. */
export function missingFrom(route: RestRoute, document: OpenApiDocument): readonly string[] {
  return [
    ...missingAccess(route),
    ...missingSchemas(route),
    ...missingExamples(route),
    ...undocumented(route, document),
  ].map((missing) => `${nameOf(route)} ${missing}`);
}

function missingAccess({ access }: RestRoute): readonly string[] {
  const isDeclared =
    typeof access === 'string'
      ? ['public', 'signed-in', 'staff'].includes(access)
      : permissions.includes(access.permission);
  return isDeclared
    ? []
    : [
        'does not say who may use it: set `needs` to a permission of permissions.ts, signed-in, staff or public.',
      ];
}

function missingSchemas(route: RestRoute): readonly string[] {
  const { method, url, schema } = route;
  const missing: string[] = [];
  const declared = shapeOf(schema?.params);
  for (const [, name] of url.matchAll(/:(\w+)/g)) {
    if (declared[name!] === undefined)
      missing.push(`has no schema for the parameter ${name!} of its path: add it to \`params\`.`);
  }
  for (const name of Object.keys(declared)) {
    if (!url.includes(`:${name}`))
      missing.push(`has a schema for ${name}, which is not in its path: take it out of \`params\`.`);
  }
  if (['PUT', 'PATCH'].includes(method) && schema?.body === undefined) {
    missing.push('has no schema for its body: add `body`.');
  }
  const answers = answersOf(route);
  if (successesOf(route).length === 0)
    missing.push('has no schema for its success: add one under its status to `answers`.');
  const query = shapeOf(schema?.querystring);
  if (answers.some(hasFurtherPages)) {
    for (const name of ['limit', 'cursor']) {
      if (query[name] === undefined)
        missing.push(
          `answers with a page and has no ${name} in its query: spread pageQuery.shape into \`query\`.`,
        );
    }
  }
  return missing;
}

/** Lists that are always whole answer null. */
function hasFurtherPages({ schema }: Body): boolean {
  const { nextCursor } = shapeOf(schema);
  return nextCursor !== undefined && !(nextCursor instanceof z.ZodNull);
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}

function missingExamples(route: RestRoute): readonly string[] {
  const shown = [...bodiesOf(route), ...answersOf(route)].filter((body) => !isFile(body));
  return shown.flatMap(({ what, mediaType, schema }) => {
    if (!(schema instanceof z.ZodType))
      return [`has no schema for ${what} (${mediaType}): name a zod schema.`];
    const examples = examplesOf(schema);
    if (examples.length === 0) {
      return [
        `has no example of ${what} (${mediaType}): add \`.meta({ examples: [{ … }] })\` to its schema.`,
      ];
    }
    return examples.flatMap((example) => {
      const wrong = mismatch(schema, example);
      return wrong === undefined
        ? []
        : [`has an example of ${what} that its schema refuses, ${wrong}: correct it.`];
    });
  });
}

/** Bytes, which no example shows: a media type that is neither text, JSON nor a form. */
function isFile({ mediaType }: Body): boolean {
  return !/^text\/|^application\/json$|^multipart\//.test(mediaType);
}

function bodiesOf({ schema }: RestRoute): readonly Body[] {
  if (schema?.body === undefined) return [];
  // A form is described by the media type beside its schema.
  const mediaType = (schema as { readonly consumes?: readonly string[] }).consumes?.[0] ?? 'application/json';
  return [{ what: 'its body', mediaType, schema: schema.body }];
}

/** What it answers when it succeeds, but for statuses without a body. */
function answersOf(route: RestRoute): readonly Body[] {
  return successesOf(route).flatMap(([status, answer]) => contentOf(`its answer ${status}`, answer));
}

function successesOf({ schema }: RestRoute): readonly (readonly [status: string, answer: unknown])[] {
  const responses = (schema?.response ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(responses).filter(([status]) => /^[23]/.test(status));
}

function contentOf(what: string, declared: unknown): readonly Body[] {
  if (declared instanceof z.ZodNull) return [];
  const isByMediaType = typeof declared === 'object' && declared !== null && 'content' in declared;
  if (!isByMediaType) return [{ what, mediaType: 'application/json', schema: declared }];
  const content = declared.content as Readonly<Record<string, { readonly schema: unknown }>>;
  return Object.entries(content).map(([mediaType, { schema }]) => ({ what, mediaType, schema }));
}

function hasExamples(schema: unknown): boolean {
  return schema instanceof z.ZodType && examplesOf(schema).length > 0;
}

/** Why an example, which is JSON, is none; one that parses may still name what its schema does not. */
function mismatch(schema: z.ZodType, example: unknown): string | undefined {
  const parsed = schema.safeParse(example);
  if (!parsed.success) return z.prettifyError(parsed.error).replaceAll('\n', ' ');
  const extra = unknownIn(example, parsed.data);
  return extra.length === 0 ? undefined : `which does not know ${extra.join(', ')}`;
}

function unknownIn(example: unknown, parsed: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(example, parsed) || !isRecord(example) || !isRecord(parsed)) return [];
  return Object.entries(example).flatMap(([name, value]) =>
    name in parsed ? unknownIn(value, parsed[name], `${path}/${name}`) : [`${path}/${name}`],
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** What the endpoint declares and the OpenAPI document does not show. */
function undocumented(route: RestRoute, document: OpenApiDocument): readonly string[] {
  const path = document.paths[route.url.replaceAll(/:(\w+)/g, '{$1}')];
  const operation = path?.[route.method.toLowerCase()];
  if (operation === undefined) return ['is not in /openapi.json: register its routes after registerOpenApi.'];
  const { requestBody, responses } = operation;
  const missing = [
    ...bodiesOf(route).map((body) => ({ ...body, shown: requestBody?.content })),
    ...answersOf(route).map((body) => ({ ...body, shown: responses[body.what.slice(-3)]?.content })),
  ].filter(
    ({ schema, mediaType, shown }) => hasExamples(schema) && !showsExample(shown?.[mediaType], document),
  );
  return missing.map(
    ({ what, mediaType }) =>
      `has an example of ${what} (${mediaType}) that /openapi.json does not show: put it on the outermost schema.`,
  );
}

function showsExample(described: Described | undefined, document: OpenApiDocument): boolean {
  if (described === undefined) return false;
  if (described.example !== undefined || described.examples !== undefined) return true;
  const { $ref, schema } = described;
  if ($ref !== undefined) return showsExample(document.components.schemas[$ref.split('/').at(-1)!], document);
  return showsExample(schema, document);
}
