// `throughline user ...`: people with an account, a new password, and two-factor off for who lost phone and codes.
import type { Command } from 'commander'
import { emailSchema } from '../accounts/contract.ts'
import { endTwoFactorFor, linkTo, listUsers, makeResetLinkFor, setPassword } from '../accounts/index.ts'
import { findRunning } from '../platform/instance.ts'
import type { Settings } from '../platform/settings.ts'
import { readPassword } from './accounts.ts'
import { readAs, say, tell } from './say.ts'
import { atWork } from './work.ts'

export function addUsers(program: Command): void {
  const user = program.command('user').description('people with an account')

  user
    .command('list')
    .description('everybody with an account, with the workspaces and the role in each')
    .option(
      '--json',
      'print {"users": [{"id", "email", "name", "twoFactor", "workspaces": [{"slug", "role"}]}]}',
    )
    .action(list)

  user
    .command('reset-password')
    .description(
      'print a link, once, with which a person sets a new password within a day; or set it at once',
    )
    .requiredOption('--email <address>', 'what the person signs in with')
    .option('--password-stdin', 'set the password that stands in the first line of the standard input')
    .option('--json', 'print {"email", "link", "expiresAt"}, or {"email"} with --password-stdin')
    .action(resetPassword)

  user
    .command('reset-two-factor')
    .description('turn two-factor off for a person who lost the phone and the recovery codes')
    .requiredOption('--email <address>', 'what the person signs in with')
    .option('--json', 'print {"email"}')
    .action(resetTwoFactor)
}

interface UserOptions {
  email: string
  passwordStdin?: boolean
  json?: boolean
}

async function list(options: { json?: boolean }): Promise<void> {
  const users = await atWork(({ db }) => listUsers(db))
  const lines = users.map(({ email, name, twoFactor, workspaces }) => {
    const places = workspaces.map(({ slug, role }) => `${slug} (${role})`).join(', ') || 'in no workspace'
    return `${email}  ${name}  ${places}${twoFactor ? '  two-factor' : ''}`
  })
  tell(options.json, { users }, lines.join('\n') || 'Nobody has an account yet.')
}

async function resetPassword(options: UserOptions): Promise<void> {
  const email = readAs(emailSchema, options.email, '--email')
  if (options.passwordStdin) {
    const password = await readPassword()
    const user = await atWork((services) => setPassword(services, email, password))
    return tell(
      options.json,
      { email: user.email },
      `${user.email} has the new password; every session has ended.`,
    )
  }
  await atWork(async (services) => {
    const { token, expiresAt } = await makeResetLinkFor(services, email)
    const link = linkTo.reset(originOf(services.settings), token)
    if (!options.json) say(`Whoever opens this link sets a new password for ${email}, once, within a day:`)
    tell(options.json, { email, link, expiresAt: expiresAt.toISOString() }, link)
  })
}

async function resetTwoFactor(options: UserOptions): Promise<void> {
  const email = readAs(emailSchema, options.email, '--email')
  const user = await atWork((services) => endTwoFactorFor(services, email))
  tell(options.json, { email: user.email }, `Two-factor of ${user.email} is off.`)
}

// Where browsers reach the app: as PUBLIC_URL says, as the server that runs says, or where it would listen.
function originOf({ publicUrl, dataDir, port }: Settings): string {
  const known = publicUrl ?? findRunning(dataDir)?.url
  return known ? new URL(known).origin : `http://localhost:${port || 3000}`
}
