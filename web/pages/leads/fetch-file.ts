// Fetches a file from the server and hands it to the browser's downloads; a plain link could not name the workspace.
import { Problem } from '../../call.ts'

interface FetchOptions {
  workspace: string
  fileName: string
  /** `text/csv` unless told */
  type?: string
  signal: AbortSignal
  /** how many bytes came so far */
  onBytes: (bytes: number) => void
}

/** @throws Problem where the server refuses or does not answer to the end */
export async function fetchFile(path: string, body: unknown, options: FetchOptions): Promise<void> {
  const reply = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-workspace': options.workspace },
    body: JSON.stringify(body),
    credentials: 'same-origin',
    signal: options.signal,
  }).catch(() => undefined)
  if (!reply)
    throw new Problem(0, 'network_failed', 'The server did not answer. Check that it runs, then try again.')
  if (!reply.ok || !reply.body) {
    const told = (await reply.json().catch(() => ({}))) as { code?: string; detail?: string }
    throw new Problem(
      reply.status,
      told.code ?? 'server_failed',
      told.detail ?? `The server answered with ${reply.status}. Try again.`,
    )
  }
  const pieces: BlobPart[] = []
  let bytes = 0
  const reader = reply.body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Problem(0, 'file_cut', 'The connection broke before the file was whole. Export it again.')
    })
    if (done) break
    pieces.push(value)
    bytes += value.byteLength
    options.onBytes(bytes)
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(pieces, { type: options.type ?? 'text/csv' }))
  link.download = options.fileName
  link.click()
  URL.revokeObjectURL(link.href)
}

/** `0.4 MB` */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
