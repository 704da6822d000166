// `throughline owner create`, `api-key create` and `write-key create`: accounts by hand.
import { Option } from 'commander'
import type { Command } from 'commander'
import { z } from 'zod'
import { keyPermissions, newOwnerSchema, roles } from '../accounts/contract.ts'
import type { Permission, Role } from '../accounts/contract.ts'
import { createApiKey, createOwner, createWriteKey, findWorkspace, operator } from '../accounts/index.ts'
import { Refusal } from '../lib/refusal.ts'
import { readAs, say, tell } from './say.ts'
import { atWork } from './work.ts'

export function addAccounts(program: Command): void {
  program
    .command('owner')
    .description('the first account')
    .command('create')
    .description(
      'create the owner with the first workspace and its test twin; refused once anybody has an account',
    )
    .requiredOption('--email <address>', 'what the owner signs in with')
    .requiredOption(
      '--password-stdin',
      'read the password from the standard input, up to the end of its first line',
    )
    .option('--name <name>', "the owner's name (default: what stands before the @)")
    .option('--workspace-name <name>', 'name of the workspace', 'My workspace')
    .option(
      '--time-zone <zone>',
      'IANA name of its time zone',
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    )
    .option('--currency <code>', 'ISO 4217 code of its currency', 'USD')
    .option('--json', 'print {"owner", "live", "test"}, each workspace with its slug and write key')
    .action(makeOwner)

  program
    .command('api-key')
    .description('keys of programs that use the API')
    .command('create')
    .description('make an API key and print it, this once')
    .addOption(new Option('--role <role>', 'what the key may do').choices(roles).makeOptionMandatory())
    .option('--workspace <workspace>', 'slug or id; without it the first one')
    .option('--name <name>', 'to recognise it by', 'Command line')
    .addOption(
      new Option('--scope <permission...>', 'what it may of that, such as leads.read').choices(
        keyPermissions('owner', null),
      ),
    )
    .option('--days <days>', 'after so many days it is refused; without it never', readDays)
    .option('--json', 'print {"id", "name", "role", "workspace", "key"}')
    .action(makeApiKey)

  program
    .command('write-key')
    .description('keys that send events')
    .command('create')
    .description('make a write key and print it')
    .option('--workspace <workspace>', 'slug or id; without it the first one')
    .option('--name <name>', 'to recognise it by', 'Command line')
    .option(
      '--server',
      'for a server, which keeps it secret: it may merge known leads; without it, for browsers',
    )
    .option('--json', 'print {"id", "name", "kind", "workspace", "key"}')
    .action(makeWriteKey)
}

interface OwnerOptions {
  email: string
  name?: string
  workspaceName: string
  timeZone: string
  currency: string
  json?: boolean
}

async function makeOwner(options: OwnerOptions): Promise<void> {
  const { email, workspaceName, timeZone, currency } = options
  const name = options.name ?? email.split('@')[0]
  const password = await readPassword()
  const wanted = readAs(
    newOwnerSchema,
    { email, password, name, workspaceName, timeZone, currency },
    'The owner as you asked for it',
  )
  const { owner, live, test, writeKeys } = await atWork((services) => createOwner(services, wanted))
  tell(
    options.json,
    {
      owner: { id: owner.id, email: owner.email, name: owner.name },
      live: { id: live.id, slug: live.slug, writeKey: writeKeys.live.key },
      test: { id: test.id, slug: test.slug, writeKey: writeKeys.test.key },
    },
    `${owner.email} owns the workspace ${live.slug} and its test twin ${test.slug}. Open the app and sign in.`,
  )
}

async function makeApiKey(options: {
  role: Role
  workspace?: string
  name: string
  scope?: Permission[]
  days?: number
  json?: boolean
}): Promise<void> {
  await atWork(async (services) => {
    const workspace = await findWorkspace(services.db, options.workspace)
    const { name, role, scope, days } = options
    const made = await createApiKey(services, operator(workspace), {
      name,
      role,
      scopes: scope,
      expiresAt: days === undefined ? undefined : new Date(services.clock().getTime() + days * 86_400_000),
    })
    if (!options.json)
      say(`The API key "${name}" of ${workspace.slug} with the role ${role}, shown this once:`)
    tell(options.json, { id: made.apiKey.id, name, role, workspace: workspace.slug, key: made.key }, made.key)
  })
}

function readDays(text: string): number {
  return readAs(
    z.coerce.number().int('must be whole days').min(1, 'must be at least 1').max(3650),
    text,
    '--days',
  )
}

async function makeWriteKey(options: {
  workspace?: string
  name: string
  server?: boolean
  json?: boolean
}): Promise<void> {
  await atWork(async (services) => {
    const workspace = await findWorkspace(services.db, options.workspace)
    const kind = options.server ? 'server' : 'browser'
    const { id, name, key } = await createWriteKey(services, operator(workspace), {
      name: options.name,
      kind,
    })
    if (!options.json) say(`The write key "${name}" of ${workspace.slug}, for a ${kind}:`)
    tell(options.json, { id, name, kind, workspace: workspace.slug, key }, key)
  })
}

/** A password off the standard input, up to the end of its first line. */
export async function readPassword(): Promise<string> {
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += String(piece)
    if (text.includes('\n')) break
  }
  const password = text.split(/\r?\n/, 1)[0] ?? ''
  if (password !== '') return password
  throw new Refusal(
    'password_missing',
    400,
    'No password came on the standard input: pipe it in, such as `printf %s "$PASSWORD" | throughline ...`.',
  )
}
