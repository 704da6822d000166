// `npm test`: everything, on a fresh clone of a bare machine: install, build, check, integration, and Chromium.
import { check } from './check.mjs'
import { findChromium } from './chromium.mjs'
import { prepare } from './prepare.mjs'
import { add, runStep, vitestStep } from './steps.mjs'

const startedAt = performance.now()
await prepare()
const sum = await check()
add(sum, await runStep(vitestStep('integration', { limitMinutes: 25 }), { live: true }))
add(sum, await endToEnd())
console.log(`This took ${Math.round((performance.now() - startedAt) / 1000)} s.`)
console.log(`${sum.passed} passed, ${sum.failed} failed`)
process.exitCode = sum.failed > 0 ? 1 : 0

async function endToEnd() {
  const chromium = findChromium()
  if (chromium === undefined) {
    console.log(
      'FAILED  e2e tests: no Chromium was found; install it (on Debian or Ubuntu: apt-get install chromium), or name one in CHROMIUM_PATH.',
    )
    return { passed: 0, failed: 1 }
  }
  return runStep(vitestStep('e2e', { limitMinutes: 15, env: { CHROMIUM_PATH: chromium } }), { live: true })
}
