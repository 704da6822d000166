// Endpoints of API keys and write keys.
import type { Api } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { createApiKey, createWriteKey, revokeApiKey, revokeWriteKey, updateWriteKey } from '../keys.ts'
import { readApiKeys, readWriteKeys } from '../store/keys.ts'
import type { Hosting } from './index.ts'
import { presentApiKey, presentWriteKey } from './present.ts'

export function keyRoutes(api: Api, { world }: Hosting): void {
  api.on(contract.listApiKeys, async ({ caller }) => {
    const keys = await readApiKeys(world.db, caller.workspaceId)
    return { items: keys.map(presentApiKey) }
  })

  api.on(contract.createApiKey, async ({ caller, body }) => {
    const { apiKey, key } = await createApiKey(world, caller, {
      ...body,
      expiresAt: body.expiresAt === undefined ? undefined : new Date(body.expiresAt),
    })
    return { apiKey: presentApiKey(apiKey), key }
  })

  api.on(contract.revokeApiKey, async ({ caller, params }) => {
    await revokeApiKey(world, caller, params.id)
    return { revoked: true as const }
  })

  api.on(contract.listWriteKeys, async ({ caller }) => {
    const keys = await readWriteKeys(world.db, caller.workspaceId)
    return { items: keys.map(presentWriteKey) }
  })

  api.on(contract.createWriteKey, async ({ caller, body }) =>
    presentWriteKey(await createWriteKey(world, caller, body)),
  )

  api.on(contract.updateWriteKey, async ({ caller, params, body }) =>
    presentWriteKey(await updateWriteKey(world, caller, params.id, body)),
  )

  api.on(contract.revokeWriteKey, async ({ caller, params }) => {
    await revokeWriteKey(world, caller, params.id)
    return { revoked: true as const }
  })
}
