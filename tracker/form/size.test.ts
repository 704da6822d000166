// The size that every visitor of a page with a form downloads.
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundleForm } from '../bundle.ts'

test('the embed script of forms is under 3 kB (3,000 bytes) gzipped', async () => {
  expect(gzipSync(await bundleForm(), { level: 9 }).length).toBeLessThan(3000)
})
