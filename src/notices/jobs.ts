// The job of notices: webhooks are told of what is new.
import { addWebhookNews, readListeningWorkspaces } from '../deliveries/webhooks/index.ts'
import type { Task } from '../platform/jobs.ts'
import type { Services } from '../platform/services.ts'
import { gatherOthers } from './gather.ts'
import { toldTypes, webhookNewsOf } from './telling.ts'

export function noticeTasks({ db, clock }: Pick<Services, 'db' | 'clock'>): Record<string, Task> {
  return {
    'notices.tell': async () => {
      const now = clock()
      for (const workspaceId of await readListeningWorkspaces(db, toldTypes)) {
        const found = await gatherOthers(db, workspaceId, now.getTime())
        await addWebhookNews(db, webhookNewsOf(found, workspaceId, now))
      }
    },
  }
}

/** When. */
export const noticeCron = { task: 'notices.tell', match: '* * * * *' }
