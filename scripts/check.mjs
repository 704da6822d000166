// `npm run check`: types, lint, format, the layout's rules and the unit tests, side by side on two cores.
import { fileURLToPath } from 'node:url'
import { prepare } from './prepare.mjs'
import { programs, runSteps, vitestStep } from './steps.mjs'

/** Runs every part, whatever becomes of the others, and counts. */
export function check() {
  // The longest first, so that neither core waits long at the end.
  return runSteps(
    [
      vitestStep('unit', { limitMinutes: 5, words: ['--maxWorkers=1'] }),
      step('lint', [programs.eslint, '.', '--max-warnings=0', '--cache', '--cache-location=.cache/eslint/']),
      step('types', types('tsconfig.json', 'server')),
      step('types of the web app', types('web/tsconfig.json', 'web')),
      step('format', [
        programs.prettier,
        '--check',
        '.',
        '--log-level=warn',
        '--cache',
        '--cache-location=.cache/prettier',
      ]),
      step('types of the tracker', types('tracker/tsconfig.json', 'tracker')),
      step('types of the browser tests', types('test/e2e/tsconfig.json', 'e2e')),
    ],
    2,
  )
}

function step(name, words) {
  return { name, words, limitMinutes: 5 }
}

function types(config, name) {
  return [
    programs.tsc,
    '-p',
    config,
    '--pretty',
    '--incremental',
    '--tsBuildInfoFile',
    `.cache/types/${name}.json`,
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
  const { passed, failed } = await check()
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}
