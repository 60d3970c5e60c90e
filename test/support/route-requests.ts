import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { RestRoute } from '../../src/business/tenancy/access/route-access.ts';
import type { Caller, RestApp } from './rest-app.ts';

/* Requests made out of what a route declares: its path, and the examples of its query and its body. */

export function nameOf({ method, url }: RestRoute): string {
  return `${method} ${url}`;
}

export function examplesOf(schema: z.ZodType): readonly unknown[] {
  return (schema.meta() as { readonly examples?: readonly unknown[] } | undefined)?.examples ?? [];
}

export function addressOf(url: string, parameters: Readonly<Record<string, string>>): string {
  return url.replaceAll(/:(\w+)/g, (_, name: string) => parameters[name] ?? '1');
}

/** The example that the documentation shows, so that validation lets the request through to what is tested. */
export function exampleBody({ schema }: RestRoute): object | undefined {
  if (!(schema?.body instanceof z.ZodType)) return undefined;
  return examplesOf(schema.body)[0] ?? {};
}

/** What the query cannot do without, by the examples of its fields. */
export function exampleQuery({ schema }: RestRoute): Readonly<Record<string, string>> {
  const needed = fieldsOf(schema?.querystring).filter(({ isOptional }) => !isOptional);
  return Object.fromEntries(
    needed.flatMap(({ name, example }) => (typeof example === 'string' ? [[name, example]] : [])),
  );
}

interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  readonly example: unknown;
}

/** The fields of a query or a body that is an object. */
export function fieldsOf(schema: unknown): readonly Field[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    if (!(field instanceof z.ZodType)) return [];
    return [{ name, isOptional: field.safeParse(undefined).success, example: exampleOfField(field) }];
  });
}

function exampleOfField(field: z.ZodType): unknown {
  const isWrapped =
    field instanceof z.ZodOptional || field instanceof z.ZodNullable || field instanceof z.ZodDefault;
  return examplesOf(field)[0] ?? (isWrapped ? exampleOfField(field.unwrap() as z.ZodType) : undefined);
}

export interface Sent {
  readonly status: number;
  /** Of a stream of events, which has no end, its beginning. */
  readonly text: string;
}

export async function send(
  app: RestApp,
  route: RestRoute,
  url: string,
  {
    caller,
    body,
  }: { readonly caller: Pick<Caller, 'headers'> | undefined; readonly body?: object | undefined },
): Promise<Sent> {
  const ended = new AbortController();
  const response = await app.inject({
    method: route.method,
    url,
    headers: caller?.headers ?? {},
    payloadAsStream: true,
    signal: ended.signal,
    ...(body === undefined ? {} : { payload: body }),
  });
  const chunks: Buffer[] = [];
  const stream = response.stream();
  const isOver = new Promise<void>((resolve) => {
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    for (const end of ['end', 'error', 'close']) stream.on(end, () => resolve());
  });
  const isEndless = response.headers['content-type']?.toString().startsWith('text/event-stream') === true;
  await (isEndless ? pause(50) : isOver);
  ended.abort();
  return { status: response.statusCode, text: Buffer.concat(chunks).toString() };
}

/** Made by the POST to a collection with the example of its documentation; undefined where that creates nothing. */
export async function createByExample(
  app: RestApp,
  caller: Pick<Caller, 'headers'>,
  url: string,
): Promise<{ readonly id: string } | undefined> {
  const route = app.http.restRoutes.find((candidate) => nameOf(candidate) === `POST ${url}`);
  if (route === undefined) return undefined;
  const { status, text } = await send(app, route, url, { caller, body: exampleBody(route) });
  return status === 201 ? { id: (JSON.parse(text) as { id: string }).id } : undefined;
}
