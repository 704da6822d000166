// The rules of the layout (ARCHITECTURE.md, "Modules") as one test; each message says what to do instead.
import { expect, test } from 'vitest'
import { readSources, readTables } from '../test/sources.ts'
import type { Import, SourceFile } from '../test/sources.ts'

/** A module imports only from further left; those in one group are siblings and never import each other. */
const ORDER = [
  ['lib'],
  ['platform'],
  ['accounts'],
  ['events'],
  ['conditions'],
  ['connectors'],
  ['ingest'],
  ['identity'],
  ['leads'],
  ['commerce'],
  ['projections/history'],
  ['projections'],
  ['segments'],
  ['snapshots'],
  ['deliveries'],
  ['activation'],
  ['imports', 'forms', 'inbound', 'lead-sources', 'reports', 'notices', 'archive'],
]

/** What joins everything and is imported by nobody below: the files of src/ itself and these folders. */
const TOP = ['cli', 'demo', 'emptying', 'mcp']

/** Groups whose folders are modules of their own. */
const GROUPS = ['projections', 'activation']

/** Files outside the world's edge that read clock, chance or time all the same, and why. */
const MAY_READ_THE_WORLD: Record<string, string> = {
  'src/lib/ids.ts': 'an id is chance and time, and everybody needs ids',
  'src/accounts/secrets.ts': 'a secret is chance, and is made nowhere else',
  'src/events/store/sending.ts': 'a stopwatch for the metrics; no instant of it is stored',
  'src/ingest/live.ts': 'it looks for new messages again and again while somebody watches',
  'src/leads/bulk/work.ts': 'it pauses between chunks, so that live calls get their turn',
  'src/leads/duplicates/look.ts': 'it lets others have their turn between the steps of a comparison',
  'src/projections/history/index.ts': 'a history waits for the batches before it, which close by themselves',
  'src/projections/activity/index.ts': 'a refold waits for the batches before it, which close by themselves',
}

/** Modules that may write tables of others, and why. */
const MAY_WRITE_ANY: Record<string, string> = {
  emptying: 'a reset of the demo and a deletion empty every table of a workspace at once',
}

const files = readSources(['src', 'web', 'tracker', 'sandbox'])
const byPath = new Map(files.map((file) => [file.path, file]))
const product = files.filter((file) => !file.isTest)
const modules = product.filter(
  (file) => file.path.startsWith('src/') && levelOf(moduleOf(file.path)) < Infinity,
)

test('a module imports only modules below it, and no sibling', () => {
  const breaches = importsOf(modules).flatMap(({ file, imported }) => {
    const from = moduleOf(file.path)
    const to = moduleOf(imported.target)
    // What a group shares stands in its own contract.
    const isOwnGroup = from.startsWith(`${to}/`) && isContract(imported.target)
    if (!imported.target.startsWith('src/') || from === to || isOwnGroup || levelOf(to) < levelOf(from))
      return []
    return `${file.path} imports ${imported.target}: ${from} stands below or beside ${to}. Return a fact and let src/flow.ts say who acts on it, or move what both need down.`
  })
  expect(breaches).toEqual([])
})

test('src/flow.ts, main, cli, demo and mcp are imported by nobody below them', () => {
  const breaches = importsOf(
    product.filter((file) => !file.path.startsWith('src/') || modules.includes(file)),
  ).flatMap(({ file, imported }) =>
    imported.target.startsWith('src/') &&
    levelOf(moduleOf(imported.target)) === Infinity &&
    !isContract(imported.target)
      ? `${file.path} imports ${imported.target}, which joins everything. Move what is needed into a module.`
      : [],
  )
  expect(breaches).toEqual([])
})

test('a module is entered by contract.ts or index.ts; lib and platform file by file', () => {
  const breaches = importsOf(product.filter((file) => file.path.startsWith('src/'))).flatMap(
    ({ file, imported }) => {
      const from = moduleOf(file.path)
      const to = moduleOf(imported.target)
      const isOpen =
        from === to || !imported.target.startsWith('src/') || ['lib', 'platform', 'src', ...TOP].includes(to)
      const isDoor = isContract(imported.target) || /^src\/[\w/-]+\/index\.ts$/.test(imported.target)
      const hangsRoutes = from === 'src' && /\/routes(\/index)?\.ts$/.test(imported.target)
      if (isOpen || isDoor || hangsRoutes) return []
      return `${file.path} imports ${imported.target}: export it from the index.ts (a verb) or contract.ts (a noun) of ${to} and import that.`
    },
  )
  expect(breaches).toEqual([])
})

test('the web imports of the server only contracts and lib', () => {
  const breaches = importsOf(product.filter((file) => file.path.startsWith('web/'))).flatMap(
    ({ file, imported }) => {
      if (!imported.target.startsWith('src/')) return []
      if (isContract(imported.target) || moduleOf(imported.target) === 'lib') return []
      return `${file.path} imports ${imported.target}: state what the page needs in a contract.ts.`
    },
  )
  expect(breaches).toEqual([])
})

test('what a contract or the web imports runs in a browser', () => {
  const entries = product.filter((file) => isContract(file.path) || file.path.startsWith('web/'))
  const breaches = entries.flatMap((entry) =>
    wayTo(entry, (imported) => imported.target.startsWith('node:')).map(
      (way) => `${way}: move what is pure into a file of its own, and import that.`,
    ),
  )
  expect(breaches).toEqual([])
})

test('the tracker and the sandbox share no code with the server', () => {
  const breaches = importsOf(product.filter((file) => /^(tracker|sandbox)\//.test(file.path))).flatMap(
    ({ file, imported }) =>
      /^(src|web)\//.test(imported.target)
        ? `${file.path} imports ${imported.target}: it is a program of its own; write what it needs there.`
        : [],
  )
  const backwards = importsOf(product.filter((file) => !file.path.startsWith('sandbox/'))).flatMap(
    ({ file, imported }) =>
      imported.target.startsWith('sandbox/')
        ? `${file.path} imports ${imported.target}: start the sandbox as a program and speak HTTP with it.`
        : [],
  )
  expect([...breaches, ...backwards]).toEqual([])
})

test('no code of the product imports a test or its helpers', () => {
  const breaches = importsOf(product).flatMap(({ file, imported }) =>
    imported.target.startsWith('test/') || byPath.get(imported.target)?.isTest
      ? `${file.path} imports ${imported.target}: move what is needed out of the tests.`
      : [],
  )
  expect(breaches).toEqual([])
})

// A fragment of kysely's `sql` runs nothing: conditions compose them, and a module's facts are fragments, too.
test('SQL runs only in store.ts (or store/), in platform/ and in reports/', () => {
  const asks = ['sql', 'rows', 'firstRow', 'run', 'ask', 'insertRows', '*']
  const breaches = importsOf(product.filter((file) => file.path.startsWith('src/'))).flatMap(
    ({ file, imported }) => {
      const isSql =
        /^src\/platform\/(postgres|clickhouse)\.ts$/.test(imported.target) ||
        ['pg', '@clickhouse/client'].includes(imported.target)
      const used = imported.values.filter((name) => !imported.isOurs || asks.includes(name))
      if (
        !isSql ||
        used.length === 0 ||
        isPart(file, 'store') ||
        ['platform', 'reports'].includes(moduleOf(file.path))
      )
        return []
      return `${file.path} takes ${used.join(', ')} from ${imported.target}: put the query in the module's store.ts under a name that says what it asks.`
    },
  )
  expect(breaches).toEqual([])
})

test('HTTP is served only by routes.ts (or routes/) and platform/, and hung in src/', () => {
  const breaches = importsOf(modules).flatMap(({ file, imported }) => {
    const isHttp =
      /^(@fastify\/|fastify)/.test(imported.target) ||
      (imported.target === 'src/platform/server.ts' &&
        [...imported.values, ...imported.types].some((name) => name !== 'Caller'))
    if (!isHttp || isPart(file, 'routes') || moduleOf(file.path) === 'platform') return []
    return `${file.path} imports ${imported.target}: serve it in the module's routes.ts, and call a verb from there.`
  })
  expect(breaches).toEqual([])
})

test('jobs are put on the queue and worked only by jobs.ts (or jobs/), by the files of src/ and by platform/', () => {
  const breaches = importsOf(modules).flatMap(({ file, imported }) => {
    const isQueue = imported.target === 'src/platform/jobs.ts' || imported.target === 'graphile-worker'
    if (!isQueue || isPart(file, 'jobs') || moduleOf(file.path) === 'platform') return []
    return `${file.path} imports ${imported.target}: put it in the module's jobs.ts.`
  })
  expect(breaches).toEqual([])
})

test('a module is handed the clock, and reads neither chance nor the environment', () => {
  // Routes are an edge: a stream that stays open beats its heart.
  const worldly = (file: SourceFile) =>
    file.worldly.filter((found) => !(isPart(file, 'routes') && /^set(Timeout|Interval)/.test(found)))
  const breaches = modules
    .filter((file) => moduleOf(file.path) !== 'platform' && !(file.path in MAY_READ_THE_WORLD))
    .filter((file) => worldly(file).length > 0)
    .map(
      (file) =>
        `${file.path} has ${worldly(file).join(', ')}: take the value as an argument; services.clock() and newId() give it.`,
    )
  const idle = Object.keys(MAY_READ_THE_WORLD)
    .filter((path) => !byPath.get(path)?.worldly.length)
    .map((path) => `${path} no longer needs its exception: take it off the list above.`)
  expect([...breaches, ...idle]).toEqual([])
})

test('the demo is told its dates and draws from its seed alone', () => {
  const breaches = product
    .filter((file) => file.path.startsWith('src/demo/') && !isPart(file, 'routes') && !isPart(file, 'index'))
    .filter((file) => file.worldly.length > 0)
    .map(
      (file) =>
        `${file.path} has ${file.worldly.join(', ')}: the same seed must give the same demo; hand the value in.`,
    )
  expect(breaches).toEqual([])
})

test('one module writes a table', () => {
  const breaches = readTables().flatMap((table) => {
    const writers = product.filter(
      (file) => file.path.startsWith('src/') && file.tablesWritten.includes(table),
    )
    const owners = [...new Set(writers.map((file) => moduleOf(file.path)))].filter(
      (owner) => !(owner in MAY_WRITE_ANY),
    )
    if (owners.length <= 1) return []
    const paths = writers.map((file) => file.path).join(', ')
    return `${table} is written by ${owners.join(' and ')} (${paths}): let its owner export a verb, and call that.`
  })
  expect(breaches).toEqual([])
})

test('vendors are named only by connectors, the channel rules, the tracker, their own pages and the demo', () => {
  const vendors = new Set(product.flatMap((file) => /^src\/connectors\/(\w+)\//.exec(file.path)?.[1] ?? []))
  // import.meta and metaKey are no vendor.
  vendors.delete('meta')
  const breaches = product.flatMap((file) => {
    if (
      /^(src\/connectors\/|src\/events\/channels\.ts|src\/demo\/|tracker\/|sandbox\/|web\/pages\/connectors\/)/.test(
        file.path,
      )
    )
      return []
    const named = [...vendors].filter((vendor) => file.words.has(vendor))
    if (named.length === 0) return []
    return `${file.path} names ${named.join(', ')}: let the vendor declare it under src/connectors/, and ask the registry.`
  })
  expect(breaches).toEqual([])
})

/**
 * `leads` of src/leads/store.ts, `projections/activity` of a group, `src` of a file in src/ itself and of the endpoints of a
 * vendor's own, which speak of everything, else the first folder.
 */
function moduleOf(path: string): string {
  if (/^src\/connectors\/\w+\/(\w+\/)?(contract|routes)\.ts$/.test(path)) return 'src'
  const [first = '', second = '', third = '', fourth] = path.split('/')
  if (first !== 'src') return first
  if (third === '') return 'src'
  return GROUPS.includes(second) && fourth !== undefined ? `${second}/${third}` : second
}

/** The place in the order; Infinity for what stands above it. */
function levelOf(module: string): number {
  const named = ORDER.findIndex((group) => group.includes(module))
  const level = named === -1 ? ORDER.findIndex((group) => group.includes(module.split('/')[0] ?? '')) : named
  return level === -1 ? Infinity : level
}

function importsOf(list: SourceFile[]): { file: SourceFile; imported: Import }[] {
  return list.flatMap((file) => file.imports.map((imported) => ({ file, imported })))
}

function isContract(path: string): boolean {
  return /^src\/[\w/-]+\/contract\.ts$/.test(path)
}

function isPart(file: SourceFile, part: string): boolean {
  return file.path.endsWith(`/${part}.ts`) || file.path.includes(`/${part}/`)
}

// Follows what is imported as values, for types are gone when it runs.
function wayTo(entry: SourceFile, isGoal: (imported: Import) => boolean): string[] {
  const seen = new Set<string>()
  const follow = (file: SourceFile, way: string[]): string[] =>
    file.imports.flatMap((imported) => {
      if (imported.values.length === 0) return []
      if (isGoal(imported)) return [[...way, imported.target].join(' -> ')]
      const next = byPath.get(imported.target)
      if (!next || seen.has(next.path)) return []
      seen.add(next.path)
      return follow(next, [...way, next.path])
    })
  return follow(entry, [entry.path])
}
