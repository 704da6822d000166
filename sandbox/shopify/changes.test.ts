// What the app may write to a shop, and what the shop refuses.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox } from '../../test/sandbox.ts'
import { ask, connect } from '../../test/sandbox-shop.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'

const PERSON = 'gid://shopify/Customer/7000000000000'
const NOBODY = 'gid://shopify/Customer/1'

let sandbox: SandboxUnderTest
let token: string
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.call('POST', '/control/reset', {})
  token = (await connect(sandbox)).access_token
})

interface Payload {
  userErrors: { field: string[]; message: string; code?: string }[]
  [name: string]: unknown
}

async function change(text: string, variables: Record<string, unknown>, name: string): Promise<Payload> {
  const { json } = await ask(sandbox, token, text, variables)
  const { data, errors } = json as { data: Record<string, Payload>; errors?: object[] }
  expect(errors).toBeUndefined()
  return data[name] as Payload
}

async function person(fields: string) {
  const { json } = await ask(sandbox, token, `{ customer(id: "${PERSON}") { ${fields} } }`)
  return (json as { data: { customer: Record<string, unknown> } }).data.customer
}

describe('metafields', () => {
  const set = (metafields: object[]) =>
    change(
      `mutation ($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) {
        metafields { key value compareDigest } userErrors { field message code elementIndex } } }`,
      { metafields },
      'metafieldsSet',
    )
  const score = (changes: object = {}) => ({
    ownerId: PERSON,
    namespace: 'leads',
    key: 'score',
    type: 'number_integer',
    value: '42',
    ...changes,
  })

  test('are set and read back', async () => {
    expect((await set([score()])).userErrors).toEqual([])
    expect(
      await person('metafield(namespace: "leads", key: "score") { value type jsonValue ownerType }'),
    ).toEqual({
      metafield: { value: '42', type: 'number_integer', jsonValue: '42', ownerType: 'CUSTOMER' },
    })
  })

  test('are set only where nobody changed them since they were read', async () => {
    const first = await set([score({ compareDigest: null })])
    expect(first.userErrors).toEqual([])
    const [{ compareDigest }] = first.metafields as [{ compareDigest: string }]
    expect((await set([score({ value: '43', compareDigest })])).userErrors).toEqual([])
    expect((await set([score({ value: '44', compareDigest })])).userErrors).toMatchObject([
      { code: 'STALE_OBJECT' },
    ])
    expect((await set([score({ value: '44', compareDigest: null })])).userErrors).toMatchObject([
      { code: 'STALE_OBJECT' },
    ])
    expect((await set([score({ compareDigest: 'x' })])).userErrors).toMatchObject([
      { code: 'INVALID_COMPARE_DIGEST' },
    ])
  })

  test('are all set or none, and at most 25 at once', async () => {
    const { userErrors } = await set([score(), score({ key: 'stage', value: 'hot' })])
    expect(userErrors).toMatchObject([{ code: 'INVALID_VALUE', elementIndex: 1 }])
    expect(await person('metafield(namespace: "leads", key: "score") { value }')).toEqual({ metafield: null })
    const many = Array.from({ length: 26 }, (_, place) => score({ key: `key_${place}` }))
    expect((await set(many)).userErrors).toMatchObject([{ code: 'LESS_THAN_OR_EQUAL_TO' }])
    expect((await set(many.slice(1))).userErrors).toEqual([])
  })

  test.each([
    ['an owner who does not exist', { ownerId: NOBODY }, 'INVALID'],
    ['no type', { type: undefined }, 'BLANK'],
    ['a key of one letter', { key: 'k' }, 'TOO_SHORT'],
    ['an empty value', { value: '' }, 'INVALID_VALUE'],
  ])('are refused with %s', async (_name, changes, code) => {
    expect((await set([score(changes)])).userErrors).toMatchObject([{ code }])
  })

  test('can be deleted', async () => {
    await set([score()])
    await change(
      `mutation ($metafields: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $metafields) {
        deletedMetafields { key } userErrors { message } } }`,
      { metafields: [{ ownerId: PERSON, namespace: 'leads', key: 'score' }] },
      'metafieldsDelete',
    )
    expect(await person('metafield(namespace: "leads", key: "score") { value }')).toEqual({ metafield: null })
  })
})

describe('tags', () => {
  const tag = (field: string, id: string, tags: string[]) =>
    change(
      `mutation ($id: ID!, $tags: [String!]!) { ${field}(id: $id, tags: $tags) { node { id } userErrors { message } } }`,
      { id, tags },
      field,
    )

  test('are added beside those that are there, and removed alone', async () => {
    const { tags: before } = await person('tags')
    await tag('tagsAdd', PERSON, ['hot', 'hot', 'mql'])
    expect(new Set((await person('tags')).tags as string[])).toEqual(
      new Set([...(before as string[]), 'hot', 'mql']),
    )
    await tag('tagsRemove', PERSON, ['hot', 'never there'])
    expect(new Set((await person('tags')).tags as string[])).toEqual(
      new Set([...(before as string[]), 'mql']),
    )
  })

  test('given to nobody are refused', async () => {
    expect((await tag('tagsAdd', NOBODY, ['hot'])).userErrors).toHaveLength(1)
  })

  test('in customerUpdate replace those that were there', async () => {
    await tag('tagsAdd', PERSON, ['hot'])
    await change(
      'mutation ($input: CustomerInput!) { customerUpdate(input: $input) { customer { id } userErrors { message } } }',
      { input: { id: PERSON, tags: ['only'], note: 'Rang twice.' } },
      'customerUpdate',
    )
    expect(await person('tags note')).toEqual({ tags: ['only'], note: 'Rang twice.' })
  })
})

describe('consent', () => {
  const email = (customerId: string, consent: object) =>
    change(
      `mutation ($input: CustomerEmailMarketingConsentUpdateInput!) { customerEmailMarketingConsentUpdate(input: $input) {
        customer { defaultEmailAddress { marketingState marketingOptInLevel marketingUpdatedAt } }
        userErrors { field message code } } }`,
      { input: { customerId, emailMarketingConsent: consent } },
      'customerEmailMarketingConsentUpdate',
    )

  test('to e-mail is kept with its level and its instant', async () => {
    const consentUpdatedAt = '2026-11-01T08:00:00Z'
    const { customer, userErrors } = await email(PERSON, {
      marketingState: 'UNSUBSCRIBED',
      marketingOptInLevel: 'CONFIRMED_OPT_IN',
      consentUpdatedAt,
    })
    expect(userErrors).toEqual([])
    expect(customer).toEqual({
      defaultEmailAddress: {
        marketingState: 'UNSUBSCRIBED',
        marketingOptInLevel: 'CONFIRMED_OPT_IN',
        marketingUpdatedAt: consentUpdatedAt,
      },
    })
  })

  test('of nobody, or back to a state before any choice, is refused', async () => {
    expect((await email(NOBODY, { marketingState: 'SUBSCRIBED' })).userErrors).toHaveLength(1)
    expect((await email(PERSON, { marketingState: 'NOT_SUBSCRIBED' })).userErrors).toMatchObject([
      { code: 'INCLUSION' },
    ])
  })

  test('to text messages needs a phone number', async () => {
    const { json } = await sandbox.call('POST', '/control/shopify/customers', { email: 'new@example.com' })
    const sms = (customerId: string) =>
      change(
        `mutation ($input: CustomerSmsMarketingConsentUpdateInput!) { customerSmsMarketingConsentUpdate(input: $input) {
          customer { defaultPhoneNumber { smsMarketingConsent { state } } } userErrors { message code } } }`,
        { input: { customerId, smsMarketingConsent: { marketingState: 'SUBSCRIBED' } } },
        'customerSmsMarketingConsentUpdate',
      )
    const { customerId } = json as { customerId: number }
    expect((await sms(`gid://shopify/Customer/${customerId}`)).userErrors).toHaveLength(1)
    const made = await sandbox.call('POST', '/control/shopify/customers', { phone: '+436601234567' })
    const reachable = (made.json as { customerId: number }).customerId
    expect(await sms(`gid://shopify/Customer/${reachable}`)).toMatchObject({
      customer: { defaultPhoneNumber: { smsMarketingConsent: { state: 'SUBSCRIBED' } } },
    })
  })
})

test('an app can uninstall itself', async () => {
  await change('mutation { appUninstall { app { id } userErrors { message } } }', {}, 'appUninstall')
  expect((await ask(sandbox, token, '{ shop { name } }')).status).toBe(401)
})
