// The size that every visitor of every page downloads.
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundleTracker } from './bundle.ts'

test('t.js is under 5 kB (5,000 bytes) gzipped', async () => {
  expect(gzipSync(await bundleTracker(), { level: 9 }).length).toBeLessThan(5000)
})
