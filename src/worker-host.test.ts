// The worker's thread, played by short scripts that die as a worker may.
import { Worker as Thread } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { createLog } from './platform/log.ts'
import { hostWorker } from './worker-host.ts'

const log = createLog('silent')
const patience = { failures: 4, calmMs: 60_000, pauseMs: 1, longestPauseMs: 4 }

const healthy = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', (message) => {
    if (message.ask === 'metrics') parentPort.postMessage({ id: message.id, metrics: [{ name: 'alive' }] })
    else parentPort.close()
  })
  parentPort.postMessage({ ready: true })`
const dies = `${healthy}; setTimeout(() => { throw new Error('it tripped') }, 5)`
const exits = `${healthy}; setTimeout(() => process.exit(3), 5)`
const stillborn = `throw new Error('no start')`

function launcher(...scripts: string[]): { launch: () => Thread; launched: () => number } {
  let launched = 0
  return {
    launch: () => new Thread(scripts[Math.min(launched++, scripts.length - 1)]!, { eval: true }),
    launched: () => launched,
  }
}

test('a worker that dies, however it dies, is started again and answers', async () => {
  const { launch, launched } = launcher(dies, exits, stillborn, healthy)
  const worker = await hostWorker(launch, log, patience)
  await expect.poll(launched).toBe(4)
  await expect.poll(() => worker.metrics()).toEqual([{ name: 'alive' }])
  await worker.stop()
})

test('a worker that dies again and again is given up with a sentence that says why', async () => {
  const { launch, launched } = launcher(dies)
  const worker = await hostWorker(launch, log, patience)
  expect((await worker.failed).message).toBe(
    'The worker failed 4 times in a row, the last time with: it tripped',
  )
  expect(launched()).toBe(4)
  expect(await worker.metrics()).toEqual([])
  await worker.stop()
})

test('a worker that does not start at all refuses the start', async () => {
  await expect(hostWorker(launcher(stillborn).launch, log, patience)).rejects.toThrow('no start')
})

test('a question to a worker that dies meanwhile is answered with nothing', async () => {
  const deaf = `
    const { parentPort } = require('node:worker_threads')
    parentPort.on('message', () => process.exit(1))
    parentPort.postMessage({ ready: true })`
  const { launch } = launcher(deaf, healthy)
  const worker = await hostWorker(launch, log, patience)
  expect(await worker.metrics()).toEqual([])
  await expect.poll(() => worker.metrics()).toEqual([{ name: 'alive' }])
  await worker.stop()
})

test('stopping while a worker waits for its next start ends the waiting', async () => {
  const { launch, launched } = launcher(dies, healthy)
  const worker = await hostWorker(launch, log, { ...patience, pauseMs: 60_000, longestPauseMs: 60_000 })
  await expect.poll(() => worker.metrics()).toEqual([])
  await worker.stop()
  expect(launched()).toBe(1)
})
