// `throughline migrate` and `throughline rebuild`: the schemas, and what is computed from the event log.
import type { Command } from 'commander'
import { findWorkspace, listWorkspaces } from '../accounts/index.ts'
import { oweWorkspace } from '../leads/index.ts'
import type { Services } from '../platform/services.ts'
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
    .description('compute anew what is kept per lead: its activity, and its copy in ClickHouse')
    .option('--workspace <workspace>', 'slug or id; without it all workspaces, live and test')
    .option('--json', 'print {"workspaces": [{"slug", "leads"}]}')
    .action(async (options: { workspace?: string; json?: boolean }) => {
      const rebuilt = await atWorkWithWorker((services) => rebuild(services, options.workspace))
      const words = rebuilt
        .map(({ slug, leads }) => `${slug}: ${count(leads)} leads computed anew.`)
        .join('\n')
      tell(options.json, { workspaces: rebuilt }, words || 'There is no workspace yet.')
    })
}

/** Folds the leads of one workspace or of all anew; the worker then fills their copy in ClickHouse anew. */
export async function rebuild(
  { db, clickhouse }: Pick<Services, 'db' | 'clickhouse'>,
  workspace: string | undefined,
): Promise<{ slug: string; leads: number }[]> {
  const chosen = workspace === undefined ? await listWorkspaces(db) : [await findWorkspace(db, workspace)]
  const rebuilt: { slug: string; leads: number }[] = []
  for (const { id, slug } of chosen) {
    const leads = await rebuildActivity(db, clickhouse, id, (done) => say(`${slug}: ${count(done)} leads`))
    await oweWorkspace(db, id)
    rebuilt.push({ slug, leads })
  }
  return rebuilt
}
