import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRestApp, type RestApp } from '../support/rest-app.ts';

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let app: RestApp;
let document: Document;
beforeAll(async () => {
  app = await buildRestApp();
  document = (await app.inject({ url: '/openapi.json' })).json();
});
afterAll(() => app[Symbol.asyncDispose]());

const described = (): (readonly [string, Operation])[] =>
  Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${url}`, operation] as const,
    ),
  );

describe('the OpenAPI document', () => {
  it('describes every route under /v1, and no other', () => {
    const routed = app.http.restRoutes.map(
      ({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    expect(
      described()
        .map(([name]) => name)
        .toSorted(),
    ).toEqual([...new Set(routed)].toSorted());
    expect(document.openapi).toBe('3.1.0');
  });

  it('tells of every route what it does, where it belongs and who may use it', () => {
    const untold = described().filter(
      ([, { summary, tags, description }]) =>
        !summary || !tags?.length || !/permission|everybody|staff/.test(description ?? ''),
    );
    expect(untold.map(([name]) => name)).toEqual([]);
  });

  it('states for every route how it succeeds', () => {
    const unstated = described().filter(
      ([, { responses }]) => !Object.keys(responses).some((status) => /^[23]/.test(status)),
    );
    expect(unstated.map(([name]) => name)).toEqual([]);
  });

  it('states for every route behind a credential that it may be refused', () => {
    const unstated = described().filter(
      ([, { responses, security }]) => security?.length !== 0 && responses['401'] === undefined,
    );
    expect(unstated.map(([name]) => name)).toEqual([]);
  });

  it('is shown as a page that needs nothing from elsewhere', async () => {
    const page = await app.inject({ url: '/docs/' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).not.toMatch(/(?:src|href)="https?:/);
  });
});
