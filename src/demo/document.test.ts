// Holds docs/demo-data.md equal to what the code computes.
import { expect, test } from 'vitest'
import { demoDocument } from './document.ts'

test('the document states the parameters and true effects that the code computes', async () => {
  await expect(demoDocument()).toMatchFileSnapshot('../../docs/demo-data.md')
}, 60_000)
