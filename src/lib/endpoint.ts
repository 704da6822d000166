// An endpoint as a declared value: the one description that the server, the OpenAPI document and the web share.
import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** Who may call: `public` needs no key; `signed_in` any session; the others a permission (accounts/contract.ts). */
export type Access = 'public' | 'signed_in' | { permission: string }

export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  /** operationId in OpenAPI, and the name that the web calls */
  id: string
  method: Method
  /** fastify style: `/api/leads/:id` */
  path: string
  access: Access
  /** one sentence for the reference page */
  summary: string
  tag: string
  params?: Params
  query?: Query
  body?: Body
  reply?: Reply
  /** the status of a success; 200 unless told */
  status?: number
  /** the reply shows a secret this once, so no copy is kept for a repeat with the same Idempotency-Key */
  repliesWithSecret?: boolean
}

/** Declares an endpoint; its types flow to the handler and to the web's `call`. */
export function endpoint<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Reply extends z.ZodType = z.ZodUndefined,
>(declared: Endpoint<Params, Query, Body, Reply>): Endpoint<Params, Query, Body, Reply> {
  return declared
}

export type ParamsOf<E> = E extends Endpoint<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.output<P> : never
export type QueryOf<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.output<Q> : never
export type BodyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.output<B> : never
export type ReplyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never
