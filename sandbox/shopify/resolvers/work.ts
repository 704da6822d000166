// Bulk operations and webhook subscriptions.
import type { Operation } from '../bulk.ts'
import { gid, numberIn } from '../records.ts'
import type { Subscription } from '../webhooks.ts'
import { version } from './roots.ts'
import { fieldsOf, instant } from './types.ts'

interface SubscriptionInput {
  uri?: string | null
  format?: string | null
  includeFields?: string[] | null
  name?: string | null
}

export const WorkMutation = fieldsOf<undefined>({
  bulkOperationRunQuery: (_root, { query, groupObjects }, context) =>
    context.bulk.run(String(query), groupObjects === true, context),
  bulkOperationCancel: (_root, { id }, { bulk }) => {
    const operation = bulk.cancel(numberIn(String(id), 'BulkOperation'))
    if (operation) return { bulkOperation: operation, userErrors: [] }
    return { bulkOperation: null, userErrors: [{ field: ['id'], message: 'Bulk operation does not exist' }] }
  },
  webhookSubscriptionCreate: (_root, { topic, webhookSubscription }, { webhooks }) => {
    const input = webhookSubscription as SubscriptionInput
    const problem = addressProblem(input.uri)
    const isTaken = webhooks.list().some((each) => each.topic === topic && each.uri === input.uri)
    if (problem ?? isTaken)
      return {
        webhookSubscription: null,
        userErrors: [
          {
            field: ['webhookSubscription', 'uri'],
            message: problem ?? 'Address for this topic has already been taken',
          },
        ],
      }
    const made = webhooks.add({
      topic: String(topic),
      uri: input.uri ?? '',
      format: input.format ?? 'JSON',
      includeFields: input.includeFields ?? [],
      name: input.name ?? null,
    })
    return { webhookSubscription: made, userErrors: [] }
  },
  webhookSubscriptionUpdate: (_root, { id, webhookSubscription }, { webhooks, world }) => {
    const input = webhookSubscription as SubscriptionInput
    const known = webhooks.list().find((each) => each.id === numberIn(String(id), 'WebhookSubscription'))
    const problem = known ? input.uri && addressProblem(input.uri) : 'Webhook subscription does not exist'
    if (!known || problem)
      return { webhookSubscription: null, userErrors: [{ field: ['id'], message: problem }] }
    for (const [name, value] of Object.entries(input))
      if (value !== null) Object.assign(known, { [name]: value, updatedAt: world.now() })
    return { webhookSubscription: known, userErrors: [] }
  },
  webhookSubscriptionDelete: (_root, { id }, { webhooks }) => {
    if (webhooks.remove(numberIn(String(id), 'WebhookSubscription')))
      return { deletedWebhookSubscriptionId: id, userErrors: [] }
    return {
      deletedWebhookSubscriptionId: null,
      userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }],
    }
  },
})

export const BulkOperation = fieldsOf<Operation>({
  id: ({ id }) => gid('BulkOperation', id),
  createdAt: ({ createdAt }) => instant(createdAt),
  completedAt: ({ completedAt }) => instant(completedAt),
  fileSize: ({ status, bytes }) => (status === 'COMPLETED' ? String(bytes) : null),
  objectCount: ({ objects }) => String(objects),
  rootObjectCount: ({ roots }) => String(roots),
  partialDataUrl: () => null,
  type: () => 'QUERY',
})

export const WebhookSubscription = fieldsOf<Subscription>({
  id: ({ id }) => gid('WebhookSubscription', id),
  legacyResourceId: ({ id }) => String(id),
  filter: () => null,
  metafieldNamespaces: () => [],
  apiVersion: () => version(),
  createdAt: ({ createdAt }) => instant(createdAt),
  updatedAt: ({ updatedAt }) => instant(updatedAt),
})

// The real one takes https alone; the sandbox and what it calls stand on one machine.
function addressProblem(uri: string | null | undefined): string | undefined {
  return uri && URL.canParse(uri) ? undefined : 'Address is invalid'
}
