// A shop of the sandbox connected to the product under test, as its owner would connect it, and commands to the shop.
import { expect, vi } from 'vitest'
import { startSandbox } from '../sandbox/server.ts'
import type { Sandbox } from '../sandbox/server.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { ask, serve } from './deployment.ts'
import type { Reply, Served } from './deployment.ts'

export interface ShopUnderTest {
  sandbox: Sandbox
  served: Served
  /** the test twin, whose connections talk to the sandbox */
  workspaceId: string
  /** calls the API in the twin */
  call(method: string, path: string, body?: unknown): Promise<Reply>
  /** commands to the shop */
  control(path: string, body?: unknown): Promise<Record<string, unknown>>
  /** installs the app in the shop; answers the connection's id */
  connect(settings?: Record<string, unknown>): Promise<string>
  /** settles when no sync is at work and everything that came in is decided */
  synced(): Promise<void>
  close(): Promise<void>
}

export const SHOP_SETTINGS = {
  shop: 'sandbox-shop.myshopify.com',
  clientId: 'sandbox-shopify-client',
  clientSecret: 'sandbox-shopify-secret',
}

/** The product and the sandbox, not connected yet. Close it when done. */
export async function openShop(): Promise<ShopUnderTest> {
  const sandbox = await startSandbox({ port: 0, seed: 7 })
  const served = await serve({ settings: { sandboxUrl: sandbox.url } })
  const me = await served.call('GET', '/api/me')
  const twin = (me.body.workspaces as { id: string; mode: string; slug: string }[]).find(
    ({ mode }) => mode === 'test',
  )!
  const call = (method: string, path: string, body?: unknown) =>
    served.call(method, path, body, { 'x-workspace': twin.slug })

  return {
    sandbox,
    served,
    workspaceId: twin.id,
    call,
    async control(path, body = {}) {
      const reply = await ask(`${sandbox.url}/control${path}`, 'POST', body)
      expect(reply.status, reply.text).toBeLessThan(300)
      return reply.body
    },
    async connect(settings = {}) {
      const made = await call('POST', '/api/connections', {
        connector: 'shopify',
        settings: { ...SHOP_SETTINGS, ...settings },
      })
      expect(made.status, made.text).toBe(201)
      const cookie = String([made.headers['set-cookie'] ?? []].flat()[0] ?? '').split(';')[0]!
      const installed = await ask(String(made.body.authoriseUrl), 'POST', 'answer=install', {
        'content-type': 'application/x-www-form-urlencoded',
      })
      const back = await ask(String(installed.headers.location), 'GET', undefined, { cookie })
      expect(back.status, back.text).toBe(302)
      return (made.body.connection as { id: string }).id
    },
    async synced() {
      await vi.waitFor(
        async () => {
          const [found] = await rows<{ busy: number }>(
            served.services.db,
            sql`select (select count(*)::int from shop_syncs where status in ('queued', 'preparing', 'reading'))
                  + (select count(*)::int from graphile_worker.jobs
                     where task_identifier = 'shop.connected' and attempts < max_attempts) as busy`,
          )
          expect(found?.busy).toBe(0)
        },
        { timeout: 60_000, interval: 100 },
      )
      await served.settled()
    },
    async close() {
      await served.stop()
      await sandbox.close()
    },
  }
}
