// Downloads a table of a report: a plain link could not name the workspace.
import { Problem } from '../../call.ts'

/** @throws Problem where the server refuses or does not answer */
export async function downloadCsv(path: string, workspace: string, name: string): Promise<void> {
  const reply = await fetch(path, {
    headers: { 'x-workspace': workspace },
    credentials: 'same-origin',
  }).catch(() => undefined)
  if (!reply)
    throw new Problem(0, 'network_failed', 'The server did not answer. Check that it runs, then try again.')
  if (!reply.ok) {
    const told = (await reply.json().catch(() => ({}))) as { code?: string; detail?: string }
    throw new Problem(
      reply.status,
      told.code ?? 'server_failed',
      told.detail ?? `The server answered with ${reply.status}. Try again.`,
    )
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await reply.blob())
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
