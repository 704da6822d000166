// The nouns of imports: the file, how its columns are read, what a row becomes, and the endpoints.
export { importKindSchema, importTargets } from '../connectors/contract.ts'
export type { ImportKind, ImportTarget } from '../connectors/contract.ts'
export * from './file.ts'
export * from './items.ts'
export * from './endpoints.ts'
