// A program for tests, to be killed: exports or imports an archive and says each step on the standard output.
import { exportArchive, importArchive, openArchive } from '../src/archive/index.ts'

const [, , deed, databaseUrl = '', clickhouseUrl = '', path = ''] = process.argv
const stores = { databaseUrl, clickhouseUrl }
const secretKey = Buffer.alloc(32, 7)
const onProgress = (rows: number) => void process.stdout.write(`rows ${rows}\n`)

const done =
  deed === 'export'
    ? await exportArchive(stores, { path, secretKey, productVersion: '0.1.0', onProgress })
    : await importArchive(stores, await openArchive(path, secretKey), new Date(), onProgress)
process.stdout.write(`done ${JSON.stringify(done)}\n`)
