import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Access } from '../business/tenancy/access/access.ts';
import type { HttpServer } from '../platform/http/http.ts';

const description = `
Everything a business does with its line. Base path \`/v1\`, JSON in camelCase, times RFC 3339 in UTC, money in minor
units with its currency, telephone numbers in E.164.

**Credentials.** Send \`Authorization: Bearer …\` with an API key (\`parley_test_…\`, \`parley_live_…\`) or with the access
token of a session. The tenant follows from the credential; what belongs to another tenant is not found (404).

**Lists** answer \`{ "data": […], "nextCursor": … }\`; send the cursor back for the next page.

**Creating twice.** Send an \`Idempotency-Key\` where a route takes one: the same key with the same body gives the same
answer again, with another body 422.

**Errors** are \`application/problem+json\` (RFC 9457) with a stable \`code\`, a sentence that says what to do, and the
\`requestId\` to quote.
`.trim();

type Override = NonNullable<z.core.JSONSchemaGeneratorParams['override']>;

const zodToJsonConfig = { override };
const transformRoute = createJsonSchemaTransform({ zodToJsonConfig });

/**
 * Adds what zod leaves out: examples of request schemas with a transform (ours show the input, which zod takes for the
 * output), and dates, which are codecs from text.
 */
function override({ zodSchema, jsonSchema }: Parameters<Override>[0]): void {
  const { examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples !== undefined) Object.assign(jsonSchema, { examples });
  if (zodSchema instanceof z.ZodDate) Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
  // zod represents a branch that it cannot express as `{}`, which would allow every value.
  if (zodSchema instanceof z.ZodUnion && jsonSchema.anyOf !== undefined)
    jsonSchema.anyOf = jsonSchema.anyOf.filter((branch) => Object.keys(branch).length > 0);
}

/** Documents every route that is registered after it: at /openapi.json, and in a page to try them at /docs. */
export async function registerOpenApi(
  app: HttpServer,
  options: { readonly publicUrl: string },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Parley', version: '1', description },
      servers: [{ url: options.publicUrl }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key or the access token of a session.',
          },
        },
      },
    },
    transform(route) {
      const transformed = transformRoute(route);
      const { access } = route.route.config ?? {};
      const isDescribed = route.url.startsWith('/v1/');
      return {
        url: transformed.url,
        schema: isDescribed ? withAccess(transformed.schema, access) : { ...transformed.schema, hide: true },
      };
    },
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  });
  app.get('/openapi.json', { logLevel: 'warn' }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { deepLinking: true, docExpansion: 'none', persistAuthorization: true, tryItOutEnabled: true },
  });
}

type RouteSchema = ReturnType<typeof transformRoute>['schema'];

/** Adds who may use a route to its description, and whether it needs a credential to its security. */
function withAccess(schema: RouteSchema, access: Access | undefined): RouteSchema {
  const { description: summary = '' } = schema;
  const needs =
    access === undefined || access === 'public'
      ? 'Open to everybody.'
      : typeof access === 'string'
        ? { 'signed-in': 'For everybody with a credential.', staff: 'For the platform’s own staff.' }[access]
        : `Needs the permission \`${access.permission}\`.`;
  return {
    ...schema,
    description: `${summary}\n\n${needs}`.trim(),
    security: access === 'public' ? [] : [{ bearer: [] }],
  };
}
