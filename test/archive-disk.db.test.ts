// An export onto a disk that is too small: a file system of its own, as large as the test wants it.
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openPostgres, run, sql } from '../src/platform/postgres.ts'
import { root } from './sources.ts'
import { freshDatabase } from './stores.ts'

const disk = await mkdtemp(join(tmpdir(), 'throughline-disk-'))
afterAll(() => rm(disk, { recursive: true, force: true }))

// Whoever may have a namespace of users may mount in it, and nobody else sees the mount. Linux alone has it.
const MOUNT = 'mount -t tmpfs -o size=1m tmpfs "$1"'
const canMount = spawnSync('unshare', ['-r', '-m', 'sh', '-c', MOUNT, 'sh', disk]).status === 0

test.runIf(canMount)(
  'an export onto a full disk is refused with a sentence, leaves the disk free, and is no archive',
  { timeout: 120_000 },
  async () => {
    const stores = await freshDatabase()
    const postgres = openPostgres(stores.databaseUrl, { max: 1 })
    // Twice as much as the disk holds, and nothing that could be compressed.
    await run(
      postgres.db,
      sql`insert into notes (id, workspace_id, lead_id, author, body, created_at)
          select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'user',
            (select string_agg(gen_random_uuid()::text, '') from generate_series(1, 25 + n * 0)), now()
          from generate_series(1, 6000) n`,
    )
    await postgres.close()
    const program = ['--import', 'tsx', join(root, 'test', 'archive-program.ts')]
    const script = `${MOUNT} && cd "$2" && shift 2 && { "$@"; echo "ended with $?"; find ${disk} -type f; }`
    const asked = [...program, 'export', stores.databaseUrl, stores.clickhouseUrl, join(disk, 'archive')]
    const ended = spawnSync(
      'unshare',
      ['-r', '-m', 'sh', '-c', script, 'sh', disk, root, process.execPath, ...asked],
      { encoding: 'utf8' },
    )
    expect(ended.stderr).toContain(`The disk of ${join(disk, 'archive')} is full`)
    const [, said = ''] = ended.stdout.split(/^(?=ended with)/m)
    expect(said.trim().split('\n')).toEqual(['ended with 1', join(disk, 'archive', 'unfinished')])
  },
)
