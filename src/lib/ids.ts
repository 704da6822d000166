// Branded ids: UUIDs made in the application, time-ordered (version 7), so that inserts append to their index.
import { uuidv7 } from 'uuidv7'
import { z } from 'zod'

export type WorkspaceId = string & { readonly __brand: 'WorkspaceId' }
export type LeadId = string & { readonly __brand: 'LeadId' }
export type EventId = string & { readonly __brand: 'EventId' }
export type BatchId = string & { readonly __brand: 'BatchId' }
export type UserId = string & { readonly __brand: 'UserId' }

/** A fresh time-ordered UUID under the asked brand. */
export function newId<T extends string = string>(): T {
  return uuidv7() as T
}

/** The schema of an id in a path, query or body. */
export const idSchema = z.uuid()

export const leadIdSchema = z.uuid().transform((id) => id as LeadId)
