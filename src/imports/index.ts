// The verbs of imports: what people do with a file, and what the worker does with it.
export {
  cancelImport,
  changeImport,
  getImport,
  importCsv,
  listImports,
  lookAtFile,
  previewImport,
  startImport,
  uploadFile,
} from './files.ts'
export type { FileOffered, Importer } from './files.ts'
export { failImport, getImportName, openImport, runningImports, settleImport, sweepImports } from './work.ts'
export { importTasks } from './jobs.ts'
export { openRehearsal } from './rehearsal.ts'
export type { RehearsedFile } from './rehearsal.ts'
export { undoImport } from './undo.ts'
export { halveBatch, outcomeCounts } from './batches.ts'
export type { ImportReader } from './reader.ts'
export { importRoutes } from './routes.ts'
export { forgetChanges, forgetRows } from './store/forget.ts'
export { renameMappedField } from './store/rename.ts'
