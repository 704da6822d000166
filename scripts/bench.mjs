// `npm run bench [-- --json FILE --runs N --only WORDS]`: builds what is stale, then runs the benches.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { isBuilt, root } from './freshness.mjs'

if (!isBuilt()) {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' })
  if (built.status !== 0) process.exit(built.status ?? 1)
}
const bench = spawnSync(
  process.execPath,
  ['--import', 'tsx', join(root, 'bench', 'index.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    cwd: root,
  },
)
process.exit(bench.status ?? 1)
