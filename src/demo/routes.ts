// The endpoints of the demo.
import { record } from '../accounts/index.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { cancelDemo, getDemo, resetDemo, seedDemo } from './contract.ts'
import { beginReset, beginSeed, cancelSeed, demoOf } from './index.ts'
import { queueDemo } from './jobs.ts'

export function demoRoutes(api: Api, services: Services): void {
  const { db, clock } = services

  api.on(getDemo, ({ caller }) => demoOf(db, caller.workspaceId))

  api.on(seedDemo, async ({ caller, body }) => {
    await inTransaction(db, async (tx) => {
      const begun = await beginSeed(tx, clock(), caller.workspaceId, body)
      await queueDemo(tx, 'seed', begun)
      await record(tx, {
        caller,
        action: 'demo_seeded',
        subject: `workspace:${begun.twinId}`,
        after: body,
        scope: 'team',
      })
    })
    return demoOf(db, caller.workspaceId)
  })

  api.on(cancelDemo, async ({ caller }) => {
    await inTransaction(db, async (tx) => {
      const twinId = await cancelSeed(tx, clock(), caller.workspaceId)
      if (twinId === null) return
      await record(tx, { caller, action: 'demo_cancelled', subject: `workspace:${twinId}`, scope: 'team' })
    })
    return demoOf(db, caller.workspaceId)
  })

  api.on(resetDemo, async ({ caller }) => {
    await inTransaction(db, async (tx) => {
      const begun = await beginReset(tx, clock(), caller.workspaceId)
      await queueDemo(tx, 'reset', begun)
      await record(tx, { caller, action: 'demo_reset', subject: `workspace:${begun.twinId}`, scope: 'team' })
    })
    return demoOf(db, caller.workspaceId)
  })
}
