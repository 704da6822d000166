// `npm run new:connector -- <id> "<Name>"`: writes the folder of a new connector and its test, and puts it on the registry.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [id = '', name = ''] = process.argv.slice(2)
const folder = join(root, 'src', 'connectors', id)

if (!/^[a-z][a-z0-9]{1,20}$/.test(id) || name === '') {
  console.error(
    'Say which: npm run new:connector -- example "Example". The id has small letters and digits alone.',
  )
  process.exit(1)
}
if (existsSync(join(folder, 'index.ts'))) {
  console.error(`src/connectors/${id}/index.ts is there already: choose another id, or change that file.`)
  process.exit(1)
}

const upper = id.toUpperCase()
const initials = name
  .replaceAll(/[^\p{L}]/gu, '')
  .slice(0, 2)
  .padEnd(2, 'x')

const template = `// ${name}: what it is connected for, in one sentence.
import { z } from 'zod'
import { connector } from '../connector.ts'
import type { CheckResult, Linked } from '../connector.ts'
import { outcomeOf } from '../exchange.ts'
import type { Exchange } from '../exchange.ts'

const settings = z.object({
  apiKey: z
    .string()
    .trim()
    .min(8, 'is longer than this')
    .meta({ label: 'API key', secret: true, example: 'example-api-key', help: 'Where the vendor shows it.' }),
})
type Settings = z.output<typeof settings>

export const ${id} = connector({
  id: '${id}',
  name: '${name}',
  summary: 'Says in the catalogue what it is good for.',
  initials: '${initials}',
  bases: { api: { variable: '${upper}_BASE_URL', url: 'https://api.${id}.example' } },
  limits: { concurrency: 4 },
  settings,
  check,
})

// One harmless call: it reads who we are and changes nothing.
function* check({ settings: given }: Linked<Settings>): Exchange<CheckResult> {
  const answer = yield {
    method: 'GET',
    path: '/me',
    headers: { authorization: \`Bearer \${given.apiKey}\` },
    isRepeatable: true,
  }
  const outcome = outcomeOf(answer)
  if (outcome.kind === 'sent') return { ok: true, account: '${name}' }
  return {
    ok: false,
    isAuthorisation: outcome.kind === 'reauthorise',
    problem: \`${name} does not answer as it should: \${outcome.words}\`,
  }
}
`

const test = `// ${name}'s own rules; what every connector must do is tested by conformance.test.ts.
import { expect, test } from 'vitest'
import { play } from '../exchange.ts'
import { ${id} } from './index.ts'

test('a key that is refused asks for another one', () => {
  const exchange = ${id}.check({ settings: { apiKey: 'example-api-key' } })
  const { result } = play(exchange, () => ({ kind: 'answered', status: 401, headers: {}, text: 'no' }))
  expect(result).toMatchObject({ ok: false, isAuthorisation: true })
})
`

mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'index.ts'), template)
writeFileSync(join(folder, `${id}.test.ts`), test)

const registry = join(root, 'src', 'connectors', 'registry.ts')
const source = readFileSync(registry, 'utf8')
writeFileSync(
  registry,
  source
    .replace(/(import type \{ Connector \}[^\n]*\n)/, `$1import { ${id} } from './${id}/index.ts'\n`)
    .replace(
      /(readonly Connector\[\] = \[)([^\]]*)\]/,
      (_, start, listed) => `${start}${listed.trim() ? `${listed}, ` : ''}${id}]`,
    ),
)
console.log(
  `src/connectors/${id}/ is there. Next: npm run unit -- src/connectors, and docs/connectors.md says what else a connector can do.`,
)
