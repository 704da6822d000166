// What the app may change in the shop: tags, customers and their consent; and it may uninstall itself.
import { changeCustomer, setEmailConsent, setSmsConsent, tagCustomer, tagOrder } from '../changes.ts'
import { numberIn } from '../records.ts'
import type { Consent, Customer } from '../records.ts'
import { denied, mayWrite } from './access.ts'
import { nodeOf } from './nodes.ts'
import { fieldsOf } from './types.ts'
import type { Arguments, Context } from './types.ts'

interface ConsentInput {
  marketingState: string
  marketingOptInLevel?: string | null
  consentUpdatedAt?: string | null
}

export const Mutation = fieldsOf<undefined>({
  tagsAdd: (_root, args, context) => changeTags('tagsAdd', args, context),
  tagsRemove: (_root, args, context) => changeTags('tagsRemove', args, context),
  customerUpdate: (_root, { input }, context) => updateCustomer(input as Record<string, unknown>, context),
  customerEmailMarketingConsentUpdate: (_root, { input }, context) => {
    const { customerId, emailMarketingConsent } = input as {
      customerId: string
      emailMarketingConsent: ConsentInput
    }
    const customer = customerOf(customerId, context)
    const path = ['input', 'customerId']
    if (!customer) return refused('customer', path, 'Customer not found', 'INVALID')
    if (customer.email === null)
      return refused(
        'customer',
        path,
        'An email address is required to set the email marketing consent',
        'INVALID',
      )
    if (['NOT_SUBSCRIBED', 'INVALID', 'REDACTED'].includes(emailMarketingConsent.marketingState))
      return refused(
        'customer',
        ['input', 'emailMarketingConsent', 'marketingState'],
        `Cannot specify ${emailMarketingConsent.marketingState} as a marketing state input`,
        'INCLUSION',
      )
    const consent = consentOf(emailMarketingConsent, context)
    return { customer: setEmailConsent(context, customer, consent), userErrors: [] }
  },
  customerSmsMarketingConsentUpdate: (_root, { input }, context) => {
    const { customerId, smsMarketingConsent } = input as {
      customerId: string
      smsMarketingConsent: ConsentInput
    }
    const customer = customerOf(customerId, context)
    const path = ['input', 'customerId']
    if (!customer) return refused('customer', path, 'Customer not found', 'INVALID')
    if (customer.phone === null)
      return refused('customer', path, 'A phone number is required to set the SMS consent state.', 'INVALID')
    const consent = consentOf(smsMarketingConsent, context)
    return { customer: setSmsConsent(context, customer, consent), userErrors: [] }
  },
  appUninstall: (_root, _args, { uninstall }) => {
    uninstall()
    return { app: {}, userErrors: [] }
  },
})

function changeTags(field: 'tagsAdd' | 'tagsRemove', args: Arguments, context: Context) {
  const id = String(args.id)
  const [added, removed] = field === 'tagsAdd' ? [args.tags, []] : [[], args.tags]
  const tags = [added as string[], removed as string[]] as const
  if (!mayWrite(context, id)) throw denied(field, id.includes('/Order/') ? 'write_orders' : 'write_customers')
  const customer = customerOf(id, context)
  const order = context.shop.orders.get(numberIn(id, 'Order'))
  if (customer) tagCustomer(context, customer, ...tags)
  else if (order) tagOrder(context, order, ...tags)
  else return refused('node', ['id'], 'Node does not exist')
  return { node: nodeOf(context.shop, id), userErrors: [] }
}

function updateCustomer(input: Record<string, unknown>, context: Context) {
  const customer = customerOf(String(input.id), context)
  if (!customer) return refused('customer', ['id'], 'Customer does not exist')
  const { tags } = input as { tags?: string[] | null }
  const { id: _id, tags: _tags, ...changes } = input as Partial<Customer> & { id: unknown }
  const changed = changeCustomer(context, customer, changes)
  if (!tags) return { customer: changed, userErrors: [] }
  const removed = changed.tags.filter((tag) => !tags.includes(tag))
  return { customer: tagCustomer(context, changed, tags, removed), userErrors: [] }
}

function consentOf(
  { marketingState, marketingOptInLevel, consentUpdatedAt }: ConsentInput,
  { world }: Context,
): Consent {
  return {
    state: marketingState === 'NOT_SUBSCRIBED' ? 'NEVER_SUBSCRIBED' : marketingState,
    level: marketingOptInLevel ?? 'SINGLE_OPT_IN',
    at: consentUpdatedAt ? Date.parse(consentUpdatedAt) : world.now(),
  }
}

function customerOf(id: string, { shop }: Context): Customer | undefined {
  return shop.customers.get(numberIn(id, 'Customer'))
}

function refused(result: string, field: string[], message: string, code?: string) {
  return { [result]: null, userErrors: [{ field, message, ...(code !== undefined && { code }) }] }
}
