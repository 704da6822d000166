// A program for tests, to be killed: takes an import back and says each batch that it is through with on the standard output.
import { takeBackBatch } from '../src/imports/undo-work.ts'
import { reactions } from '../src/flow.ts'
import { createLog } from '../src/platform/log.ts'
import { openPostgres } from '../src/platform/postgres.ts'

const [databaseUrl = '', importId = ''] = process.argv.slice(2)
const postgres = openPostgres(databaseUrl, { max: 2 })
const worker = { db: postgres.db, clock: () => new Date(), log: createLog('silent') }
process.stdout.write('begun\n')
while (await takeBackBatch(worker, reactions, importId)) process.stdout.write('batch\n')
process.stdout.write('done\n')
await postgres.close()
