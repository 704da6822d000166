// HTTP of imports: the upload as a stream, progress, mapping, and the rows that were refused as a file.
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { csvLine } from '../lib/csv/write.ts'
import { Refusal } from '../lib/refusal.ts'
import { textProblem } from '../lib/text.ts'
import type { Api, Caller } from '../platform/server.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import * as contract from './contract.ts'
import type { Import, Mapping } from './contract.ts'
import {
  cancelImport,
  changeImport,
  getImport,
  listImports,
  lookAtFile,
  previewImport,
  startImport,
  uploadFile,
} from './files.ts'
import type { FileOffered, Importer } from './files.ts'
import { rehearseImport } from './rehearsal.ts'
import { undoImport } from './undo.ts'
import { readProblems } from './store/problems.ts'

/** Serves the endpoints of imports. */
export async function importRoutes(
  api: Api,
  services: Pick<Services, 'db' | 'clock' | 'settings'>,
): Promise<void> {
  // The body is read by the handler, after the caller is known, so that a refused caller uploads nothing.
  await api.raw.register(multipart, {
    limits: { files: 1, fields: 10, fieldSize: 1_048_576, fileSize: contract.maxUploadBytes + 1 },
  })
  api.raw.addContentTypeParser(['text/csv', 'application/octet-stream'], (_request, _payload, done) =>
    done(null),
  )

  api.on(contract.uploadImport, async ({ query, caller, request, reply }) => {
    const file = await offeredFile(request, query)
    const by = importerOf(caller)
    if (query.dryRun) {
      reply.status(200)
      return { import: null, preview: await lookAtFile(services, by, file) }
    }
    const uploaded = await uploadFile(services, by, file)
    if (!query.start || uploaded.preview.obstacle) return uploaded
    return { ...uploaded, import: await startImport(services, by, uploaded.import.id) }
  })

  api.on(contract.listImports, ({ query, caller }) => listImports(services, caller.workspaceId, query))

  api.on(contract.getImport, ({ params, caller }) => getImport(services, caller.workspaceId, params.id))

  api.on(contract.previewImport, ({ params, caller }) =>
    previewImport(services, caller.workspaceId, params.id),
  )

  api.on(contract.changeImport, async ({ params, body, caller }): Promise<Import> => {
    const { encoding, delimiter, mapping, start } = body
    const changed =
      (encoding ?? delimiter ?? mapping)
        ? await changeImport(services, caller.workspaceId, params.id, { encoding, delimiter, mapping })
        : await getImport(services, caller.workspaceId, params.id)
    return start ? startImport(services, importerOf(caller), params.id) : changed
  })

  api.on(contract.cancelImport, ({ params, caller }) => cancelImport(services, importerOf(caller), params.id))

  api.on(contract.rehearseImport, ({ params, caller }) =>
    rehearseImport(services, importerOf(caller), params.id),
  )

  api.on(contract.undoImport, ({ params, caller }) => undoImport(services, importerOf(caller), params.id))

  api.on(contract.getImportErrors, async ({ params, query, caller, reply }) => {
    const found = await getImport(services, caller.workspaceId, params.id)
    await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="errors-${found.id}.csv"`)
      .serializer((body: unknown) => body as string)
      .send(Readable.from(errorLines(services.db, found, query.only)))
    return undefined
  })
}

async function offeredFile(
  request: FastifyRequest,
  query: { fileName?: string | undefined } & Pick<FileOffered, 'encoding' | 'delimiter' | 'region'>,
): Promise<FileOffered> {
  const told = { encoding: query.encoding, delimiter: query.delimiter, region: query.region }
  if (!request.isMultipart()) {
    if (!/^(text\/csv|application\/octet-stream)/.test(request.headers['content-type'] ?? '')) {
      throw new Refusal(
        'file_missing',
        415,
        'Send the file as multipart field `file`, or as the body with type text/csv.',
      )
    }
    return { ...told, fileName: query.fileName ?? 'upload.csv', bytes: piecesOf(request.raw) }
  }
  let mapping: Mapping | undefined
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      return {
        ...told,
        fileName: (part.filename || 'upload.csv').slice(0, 200),
        bytes: piecesOf(part.file),
        mapping,
      }
    }
    if (part.fieldname === 'mapping') mapping = readMapping(part.value)
  }
  throw new Refusal(
    'file_missing',
    422,
    'The form has no file. Send it as the field `file`, after all other fields.',
  )
}

// A refused upload is read to its end, for a client that is cut off while it sends never sees the sentence.
async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } finally {
    stream.resume()
  }
}

function readMapping(text: unknown): Mapping {
  const malformed = textProblem(String(text))
  if (malformed) throw new Refusal('text_malformed', 400, malformed)
  try {
    const parsed = contract.mappingSchema.safeParse(JSON.parse(String(text)))
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw new Refusal(
      'mapping_invalid',
      422,
      `The mapping is not valid: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`,
    )
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Refusal('mapping_invalid', 422, 'The field `mapping` is not JSON.')
    throw error
  }
}

function importerOf({ workspaceId, teamId, actor }: Caller): Importer {
  return { workspaceId, teamId, actor }
}

async function* errorLines(db: Db, found: Import, only?: 'rejected'): AsyncGenerator<string> {
  const headers = found.mapping.columns.map(({ header }) => header)
  yield `\ufeff${csvLine(['Row', 'Severity', 'Problem column', 'Problem', ...headers])}`
  let after = { row: 0, id: 0 }
  for (;;) {
    const page = await readProblems(db, found.id, after, 500, only)
    if (page.length === 0) return
    yield page
      .map(({ row, severity, column, problem, cells }) => csvLine([row, severity, column, problem, ...cells]))
      .join('')
    const last = page[page.length - 1]
    if (last) after = { row: last.row, id: last.id }
  }
}
