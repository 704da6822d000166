// The job of carts: once a minute every workspace that has some is looked at.
import type { Task } from '../../platform/jobs.ts'
import type { Services } from '../../platform/services.ts'
import { lookAtCarts } from './looking.ts'
import { readCartWorkspaces } from './store/looking.ts'

export function cartTasks(services: Services): Record<string, Task> {
  return {
    'carts.look': async () => {
      for (const workspaceId of await readCartWorkspaces(services.db, services.clock()))
        await lookAtCarts(services, workspaceId)
    },
  }
}

export const cartCron = { task: 'carts.look', match: '* * * * *' }
