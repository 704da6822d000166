// `throughline migrate` and `throughline rebuild`: the schemas, and what is computed from the event log.
import type { Command } from 'commander'
import { findWorkspace, listWorkspaces } from '../accounts/index.ts'
import { rebuildActivity } from '../projections/activity/index.ts'
import { count, say, tell } from './say.ts'
import { atWorkWithWorker, migrate } from './work.ts'

export function addStores(program: Command): void {
  program
    .command('migrate')
    .description('bring the schemas of PostgreSQL and ClickHouse up to date; start does the same')
    .option('--json', 'print {"postgres": [name], "clickhouse": [name]}: what was applied')
    .action(async (options: { json?: boolean }) => {
      const applied = await migrate()
      const names = [
        ...applied.postgres.map((name) => `postgres/${name}`),
        ...applied.clickhouse.map((name) => `clickhouse/${name}`),
      ]
      tell(
        options.json,
        applied,
        names.length === 0 ? 'Both schemas are up to date.' : `Applied ${names.join(', ')}.`,
      )
    })

  program
    .command('rebuild')
    .description('compute anew what is kept per lead, from the event log')
    .option('--workspace <workspace>', 'slug or id; without it all workspaces, live and test')
    .option('--json', 'print {"workspaces": [{"slug", "leads"}]}')
    .action(async (options: { workspace?: string; json?: boolean }) => {
      const rebuilt = await rebuild(options.workspace)
      const words = rebuilt
        .map(({ slug, leads }) => `${slug}: ${count(leads)} leads computed anew.`)
        .join('\n')
      tell(options.json, { workspaces: rebuilt }, words || 'There is no workspace yet.')
    })
}

async function rebuild(workspace: string | undefined): Promise<{ slug: string; leads: number }[]> {
  return atWorkWithWorker(async ({ db, clickhouse }) => {
    const chosen = workspace === undefined ? await listWorkspaces(db) : [await findWorkspace(db, workspace)]
    const rebuilt: { slug: string; leads: number }[] = []
    for (const { id, slug } of chosen) {
      const leads = await rebuildActivity(db, clickhouse, id, (done) => say(`${slug}: ${count(done)} leads`))
      rebuilt.push({ slug, leads })
    }
    return rebuilt
  })
}
