// The OpenAPI document and its reference page, bundled: the page loads nothing from elsewhere.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'

/** What every refusal looks like (RFC 9457), with our stable code and a sentence that says what to do. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('stable, for programs: `lead_missing`'),
    detail: z.string().describe('what happened, why, and what to do'),
    requestId: z.string(),
  })
  .describe('A refusal, as application/problem+json')

/** Hangs `/api/openapi.json` and `/api/docs` on the server; register it before the routes it shall describe. */
export async function registerReference(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Throughline',
        version: '0.1.0',
        description:
          'Leads, events and imports of one workspace. Send `Authorization: Bearer KEY` with an API key of that workspace; ' +
          'tracking calls take a write key as basic auth user. Writes take an `Idempotency-Key`. Refusals are `application/problem+json`.',
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer' },
          writeKey: { type: 'http', scheme: 'basic' },
        },
      },
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: { docExpansion: 'list', displayRequestDuration: true, persistAuthorization: true },
    theme: {
      title: 'Throughline API',
      css: [{ filename: 'throughline.css', content: '.swagger-ui .topbar { display: none }' }],
      favicon: [],
    },
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
}
