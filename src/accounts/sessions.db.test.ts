// Guarantees of the sessions' tables.
import { getMigrations } from 'better-auth/db/migration'
import { expect, test } from 'vitest'
import { OWNER } from '../../test/accounts.ts'
import { freshDatabase } from '../../test/stores.ts'
import { isPostgresUnreachable, openPostgres } from '../platform/postgres.ts'
import { createOwner } from './index.ts'
import { authTables, twoFactorOf } from './auth.ts'
import { openSessions } from './sessions.ts'

test('our migrations made every table and column that better-auth asks for', async () => {
  const { databaseUrl } = await freshDatabase()
  const { db, close } = openPostgres(databaseUrl)
  const { toBeCreated, toBeAdded } = await getMigrations({
    ...authTables,
    plugins: [twoFactorOf(Buffer.alloc(32))],
    database: { db, type: 'postgres' },
  })
  await close()
  expect(toBeCreated).toEqual([])
  expect(toBeAdded).toEqual([])
})

test('a database that cannot be reached is told as that, not as nobody being signed in', async () => {
  const { databaseUrl } = await freshDatabase()
  const options = { secretKey: Buffer.alloc(32, 7), publicUrl: undefined }
  const from = { cookie: undefined, userAgent: undefined, address: '127.0.0.1' }
  const there = openPostgres(databaseUrl)
  await createOwner({ db: there.db, clock: () => new Date() }, OWNER)
  const opened = await openSessions(there.db, options, () => new Date()).open(
    OWNER.email,
    OWNER.password,
    from,
  )
  await there.close()
  const cookie = opened?.cookies[0]?.split(';')[0] ?? ''
  const away = openPostgres('postgres://nobody@127.0.0.1:1/nothing')
  const sessions = openSessions(away.db, options, () => new Date())
  const isAway = expect.toSatisfy(isPostgresUnreachable)
  await expect(sessions.read({ ...from, cookie })).rejects.toEqual(isAway)
  await expect(sessions.prolong({ ...from, cookie })).rejects.toEqual(isAway)
  await expect(sessions.open(OWNER.email, OWNER.password, from)).rejects.toEqual(isAway)
  await away.close()
})
