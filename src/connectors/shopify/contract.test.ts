// Our questions held against Shopify's published schema, and our signatures against worked examples.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { NoDeprecatedCustomRule, buildClientSchema, parse, specifiedRules, validate } from 'graphql'
import type { IntrospectionQuery } from 'graphql'
import { describe, expect, test } from 'vitest'
import * as documents from './documents.ts'
import { isSignedQuery, isSignedWebhook } from './sign.ts'
import { wantedSubscriptions } from './subscriptions.ts'

const folder = process.env.CONTRACTS_DIR ?? ''
const path = join(folder, 'shopify', `admin_${documents.VERSION}.json.gz`)
const vectorPath = join(folder, 'webhook-signatures', 'vectors.json')
const atHand = folder !== '' && existsSync(path)
if (!atHand)
  process.stdout.write(
    `contract shopify/admin_${documents.VERSION}.json.gz is not at hand (set CONTRACTS_DIR), skipped\n`,
  )

const texts: [string, string][] = [
  ...Object.entries(documents).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && name !== 'VERSION' ? [[name, value]] : [],
  ),
  ...(['customers', 'orders', 'products', 'checkouts'] as const).flatMap((kind): [string, string][] => [
    [`all ${kind}`, documents.fileQuery(kind, null)],
    [`changed ${kind}`, documents.fileQuery(kind, '2026-11-20T10:00:00Z')],
  ]),
]

describe.runIf(atHand)('the published schema', () => {
  const published = atHand
    ? (JSON.parse(gunzipSync(readFileSync(path)).toString()) as { data: IntrospectionQuery })
    : undefined
  const schema = published && buildClientSchema(published.data)

  test.each(texts)('takes our question %s, which asks for nothing that is deprecated', (_name, text) => {
    const problems = validate(schema!, parse(text), [...specifiedRules, NoDeprecatedCustomRule])
    expect(problems.map(({ message }) => message)).toEqual([])
  })

  test('knows every topic that we subscribe to', () => {
    const topics = published!.data.__schema.types.find(({ name }) => name === 'WebhookSubscriptionTopic')
    const known = topics?.kind === 'ENUM' ? topics.enumValues.map(({ name }) => name) : []
    for (const { topic } of wantedSubscriptions('https://leads.example')) expect(known).toContain(topic)
  })
})

describe.runIf(folder !== '' && existsSync(vectorPath))('the signatures worked out elsewhere', () => {
  interface Vectors {
    self_made: {
      shopify_webhook: { secret: string; raw_body_utf8: string; value: string }
      shopify_oauth_query: { secret: string; params: Record<string, string>; hmac: string }
    }
  }
  const vectors = () => (JSON.parse(readFileSync(vectorPath, 'utf8')) as Vectors).self_made

  test('a webhook is known by the signature of its bytes, and no other', () => {
    const { secret, raw_body_utf8: text, value } = vectors().shopify_webhook
    const headers = { 'x-shopify-hmac-sha256': value }
    expect(isSignedWebhook({ raw: Buffer.from(text), headers }, secret)).toBe(true)
    expect(isSignedWebhook({ raw: Buffer.from(`${text} `), headers }, secret)).toBe(false)
    expect(isSignedWebhook({ raw: Buffer.from(text), headers }, 'another')).toBe(false)
  })

  test('a query of consent is known by its signature, its shop and its instant', () => {
    const { secret, params, hmac } = vectors().shopify_oauth_query
    const app = { shop: 'example.myshopify.com', clientSecret: secret }
    const at = new Date(1337178173_000)
    const query = { ...params, hmac }
    expect(isSignedQuery(query, app, at)).toBe(true)
    expect(isSignedQuery({ ...query, code: 'x' }, app, at)).toBe(false)
    expect(isSignedQuery(query, { ...app, shop: 'other.myshopify.com' }, at)).toBe(false)
    expect(isSignedQuery(query, app, new Date(at.getTime() + 91_000))).toBe(false)
  })
})
