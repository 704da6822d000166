// Runs programs of the tests, two at a time, says how each ended, and counts what vitest counted.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './freshness.mjs'

/** Node arguments that run a package's own program, without npx and its warnings. */
export const programs = {
  tsc: join('node_modules', 'typescript', 'bin', 'tsc'),
  eslint: join('node_modules', 'eslint', 'bin', 'eslint.js'),
  prettier: join('node_modules', 'prettier', 'bin', 'prettier.cjs'),
  vitest: join('node_modules', 'vitest', 'vitest.mjs'),
}

/**
 * A step that runs one of vitest's projects; its tests are counted.
 * @param {string} project `unit`, `integration` or `e2e`
 * @param {{ words?: string[], env?: Record<string, string>, limitMinutes: number }} options
 */
export function vitestStep(project, { words = [], env = {}, limitMinutes }) {
  const report = join(root, '.cache', 'test', `${project}.json`)
  return {
    name: `${project} tests`,
    words: [
      programs.vitest,
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...words,
    ],
    report,
    env,
    limitMinutes,
  }
}

/**
 * Runs one step: what it prints is shown as it comes (`live`) or, in one piece, where it failed.
 * @param {{ name: string, words: string[], report?: string, env?: Record<string, string>, limitMinutes: number }} step
 * @returns {Promise<{ passed: number, failed: number }>} tests counted; a step that failed otherwise counts as one failure
 */
export async function runStep(step, { live = false } = {}) {
  if (step.report) {
    mkdirSync(dirname(step.report), { recursive: true })
    rmSync(step.report, { force: true })
  }
  const startedAt = performance.now()
  const { code, output } = await run(step, live)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const counts = step.report ? readReport(step.report) : { passed: 0, failed: 0 }
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  if (counts.failed > 0 && !live) process.stdout.write(`\n${output.trimEnd()}\n\n`)
  console.log(`${counts.failed > 0 ? 'FAILED' : 'ok    '}  ${step.name}, ${seconds} s`)
  return counts
}

/** Runs steps, `width` at a time in their order, and adds up their counts. */
export async function runSteps(steps, width) {
  const waiting = [...steps]
  const sum = { passed: 0, failed: 0 }
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) add(sum, await runStep(step))
  }
  await Promise.all(Array.from({ length: width }, lane))
  return sum
}

/** Adds the counts of `more` to `sum`. */
export function add(sum, more) {
  sum.passed += more.passed
  sum.failed += more.failed
}

function run(step, live) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, step.words, {
      cwd: root,
      env: { ...process.env, ...step.env },
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    })
    let output = ''
    child.stdout?.on('data', (text) => (output += text))
    child.stderr?.on('data', (text) => (output += text))
    const limit = setTimeout(() => {
      const sentence = `${step.name} did not end within ${step.limitMinutes} minutes and were stopped.\n`
      output += sentence
      if (live) process.stdout.write(sentence)
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
    }, step.limitMinutes * 60_000)
    child.once('close', (code) => {
      clearTimeout(limit)
      resolve({ code: code ?? 1, output })
    })
  })
}

// A file that could not even be loaded has no tests of its own to count: it counts as one that failed.
function readReport(path) {
  if (!existsSync(path)) return { passed: 0, failed: 1 }
  const report = JSON.parse(readFileSync(path, 'utf8'))
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
  ).length
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded }
}
