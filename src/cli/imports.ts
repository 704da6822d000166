// `throughline import-csv`: a CSV file into a workspace, in the way of the app's import page.
import { createReadStream } from 'node:fs'
import { access, constants, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { findWorkspace, operator } from '../accounts/index.ts'
import { delimiters, encodings, importKindSchema, mappingSchema } from '../imports/contract.ts'
import type { Import, ImportKind, ImportPreview, Mapping } from '../imports/contract.ts'
import { getImport, importCsv, lookAtFile } from '../imports/index.ts'
import type { FileOffered, Importer } from '../imports/index.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { count, readAs, showProgress, tell } from './say.ts'
import { atWork, atWorkWithWorker } from './work.ts'

interface Options {
  workspace?: string
  kind?: ImportKind
  mapping?: string
  region?: string
  encoding?: (typeof encodings)[number]
  delimiter?: (typeof delimiters)[number]
  dryRun?: boolean
  json?: boolean
}

export function addImports(program: Command): void {
  program
    .command('import-csv')
    .description('import a CSV file of contacts or orders; its columns are recognised unless told')
    .argument('<file>', 'the file')
    .option('--workspace <workspace>', 'slug or id; without it the first one')
    .addOption(new Option('--kind <kind>', 'what a row is').choices(importKindSchema.options))
    .option(
      '--mapping <file>',
      'JSON of how the columns are read, as --dry-run --json prints it under preview.mapping',
    )
    .option('--region <country>', 'country of phone numbers without country code, such as DE')
    .addOption(new Option('--encoding <encoding>', 'detected unless told').choices(encodings))
    .addOption(new Option('--delimiter <sign>', 'detected unless told').choices(delimiters))
    .option('--dry-run', 'only look at the file, and say what each column becomes')
    .option(
      '--json',
      'print {"import", "preview"} as POST /api/lead-sources/csv/import gives them, the import as it ended',
    )
    .action(importFile)
}

async function importFile(path: string, options: Options): Promise<void> {
  await access(path, constants.R_OK).catch(() => {
    throw new Refusal('file_missing', 404, `There is no file ${path} that can be read: check the path.`)
  })
  const mapping = options.mapping === undefined ? undefined : await readMapping(options.mapping)
  if (options.dryRun) {
    const preview = await atWork(async (services) =>
      lookAtFile(services, await importerOf(services, options), await offer(services)),
    )
    tell(options.json, { import: null, preview }, describePreview(path, preview))
    return
  }
  const done = await atWorkWithWorker(async (services) => {
    const by = await importerOf(services, options)
    const started = await importCsv(services, by, await offer(services))
    return { import: await waitFor(services, by, started.import.id), preview: started.preview }
  })
  tell(options.json, done, describeImport(done.import))
  if (done.import.status !== 'done') process.exitCode = 1

  async function offer(services: Services): Promise<FileOffered> {
    const { region, encoding, delimiter, kind } = options
    const file = { fileName: basename(path), region: region?.toUpperCase(), encoding, delimiter }
    const bytes = () => createReadStream(path)
    if (kind === undefined || mapping)
      return { ...file, bytes: bytes(), mapping: kind && mapping ? { ...mapping, kind } : mapping }
    const found = await lookAtFile(services, await importerOf(services, options), { ...file, bytes: bytes() })
    return { ...file, bytes: bytes(), mapping: { ...found.mapping, kind } }
  }
}

async function importerOf({ db }: Services, options: Options): Promise<Importer> {
  return operator(await findWorkspace(db, options.workspace))
}

async function readMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Refusal(
      'file_missing',
      404,
      `There is no file ${path} that can be read: check the path of --mapping.`,
    )
  })
  try {
    return readAs(mappingSchema, JSON.parse(text), path)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Refusal('mapping_invalid', 422, `${path} is not JSON: ${error.message}.`)
  }
}

async function waitFor(services: Services, by: Importer, id: string): Promise<Import> {
  const progress = showProgress('per cent')
  try {
    for (;;) {
      const found = await getImport(services, by.workspaceId, id)
      progress.update(Math.floor(found.progress * 100), 100)
      if (!['uploaded', 'mapped', 'running'].includes(found.status)) return found
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  } finally {
    progress.end()
  }
}

function describeImport({ fileName, status, counts, error, id }: Import): string {
  const parts = (['created', 'updated', 'joined', 'skipped', 'rejected'] as const)
    .filter((part) => counts[part] > 0)
    .map((part) => `${count(counts[part])} ${part}`)
  const read = `${fileName}: ${count(counts.rows)} rows read${parts.length > 0 ? `, ${parts.join(', ')}` : ''}.`
  const why =
    status === 'done'
      ? ''
      : `\nThe import was ${status === 'failed' ? 'stopped' : status}: ${error ?? 'somebody cancelled it'}`
  const problems = counts.rejected + counts.warnings
  return `${read}${why}${problems > 0 ? `\nRows with a problem: the app's import page, or GET /api/imports/${id}/errors.csv.` : ''}`
}

function describePreview(path: string, preview: ImportPreview): string {
  const { mapping, encoding, delimiter } = preview
  const columns = mapping.columns.map(
    ({ header, target, key }) =>
      `  ${header} -> ${target === 'custom' ? `custom field ${key ?? header}` : target}`,
  )
  return [
    `${basename(path)}: ${mapping.kind} (${mapping.preset}), ${encoding}, delimiter ${JSON.stringify(delimiter)}.`,
    ...columns,
    preview.obstacle ?? `It can be imported: run the same without --dry-run.`,
  ].join('\n')
}
