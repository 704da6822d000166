// Sends a file to the server and tells how far it got, which fetch cannot.
import { uploadImport } from '../../../src/imports/contract.ts'
import type { ReplyOf } from '../../../src/lib/endpoint.ts'
import { Problem, address } from '../../call.ts'

/**
 * Uploads without starting the import.
 * @param onProgress the share of the file that is sent, 0 to 1
 * @throws Problem where the server refuses it; an AbortError where `signal` ends it
 */
export function sendFile(
  file: File,
  options: { workspace: string; onProgress: (share: number) => void; signal: AbortSignal },
): Promise<ReplyOf<typeof uploadImport>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(
      'POST',
      address(uploadImport.path, {}, { fileName: file.name.slice(0, 200) || 'upload.csv', start: false }),
    )
    request.setRequestHeader('content-type', 'text/csv')
    request.setRequestHeader('x-workspace', options.workspace)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => options.onProgress(total === 0 ? 0 : loaded / total)
    request.onload = () => {
      const reply: unknown = request.response
      if (request.status < 300) resolve(reply as ReplyOf<typeof uploadImport>)
      else reject(problemOf(request.status, reply))
    }
    request.onerror = () =>
      reject(
        new Problem(
          0,
          'network_failed',
          'The upload broke off. Check the connection, then choose the file again.',
        ),
      )
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'))
    options.signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function problemOf(status: number, reply: unknown): Problem {
  const { code, detail } = (reply ?? {}) as { code?: string; detail?: string }
  return new Problem(
    status,
    code ?? 'upload_failed',
    detail ?? `The server answered with ${status} and no explanation.`,
  )
}
