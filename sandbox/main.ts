// The program: starts the sandbox, says where, and ends on a signal.
import { startSandbox } from './server.ts'

const DEFAULT_PORT = 4010

const sandbox = await startSandbox({
  port: Number(process.env.SANDBOX_PORT ?? DEFAULT_PORT),
  host: process.env.SANDBOX_HOST,
  seed: process.env.SANDBOX_SEED === undefined ? undefined : Number(process.env.SANDBOX_SEED),
}).catch((error: unknown) => {
  process.stderr.write(
    `The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}. SANDBOX_PORT sets another port.\n`,
  )
  process.exit(1)
})
process.stdout.write(`The sandbox is ready on ${sandbox.url}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)))
}
