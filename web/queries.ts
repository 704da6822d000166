// React's side of call.ts: reading with a cache, writing with what becomes stale, paging by cursor.
import { notifications } from '@mantine/notifications'
import { QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { Endpoint, ReplyOf } from '../src/lib/endpoint.ts'
import { Problem, call } from './call.ts'
import type { CallInput } from './call.ts'

/** The slug of the workspace that calls are about; undefined outside of `/w/...`. */
export const WorkspaceSlug = createContext<string | undefined>(undefined)

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // An answer of 503 names a store that is away: that is shown at once, and polling finds it back.
        retry: (count, error) =>
          error instanceof Problem && [0, 502, 504].includes(error.status) && count < 1,
      },
    },
  })
}

/** The cache key of a call; `[endpoint.id]` alone names every call of an endpoint. */
export function callKey<E extends Endpoint>(
  endpoint: E,
  workspace: string | undefined,
  input?: CallInput<E>,
) {
  return [endpoint.id, workspace ?? '', input ?? {}] as const
}

export interface ReadOptions {
  enabled?: boolean
  /** ask again every so many milliseconds */
  refetchMs?: number
  /** keep showing the old answer while another input is asked for */
  keepPrevious?: boolean
  staleMs?: number
}

/** Reads an endpoint in the current workspace. */
export function useCall<E extends Endpoint>(endpoint: E, input: CallInput<E>, options: ReadOptions = {}) {
  const workspace = useContext(WorkspaceSlug)
  return useQuery<ReplyOf<E>, Problem>({
    queryKey: callKey(endpoint, workspace, input),
    queryFn: ({ signal }) => call(endpoint, input, { workspace, signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs ?? false,
    ...(options.staleMs === undefined ? {} : { staleTime: options.staleMs }),
    ...(options.keepPrevious ? { placeholderData: previousOf(endpoint) } : {}),
  })
}

/**
 * Reads a list that is paged by `query.cursor` and `nextCursor`. The pages are in `data.pages`; `fetchNextPage` adds one.
 * The input leaves the cursor out.
 */
export function useCallPages<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  options: ReadOptions = {},
) {
  const workspace = useContext(WorkspaceSlug)
  return useInfiniteQuery({
    queryKey: [...callKey(endpoint, workspace, input), 'pages'],
    queryFn: ({ pageParam, signal }): Promise<ReplyOf<E>> =>
      call(endpoint, withCursor(input, pageParam), { workspace, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last as { nextCursor?: string | null }).nextCursor ?? null,
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs ?? false,
    ...(options.keepPrevious ? { placeholderData: previousOf(endpoint) } : {}),
  })
}

export interface WriteOptions<E extends Endpoint> {
  /** endpoints whose answers are stale afterwards */
  stale?: Endpoint[]
  onDone?: (reply: ReplyOf<E>, input: CallInput<E>) => void
  /** the page shows the problem itself; otherwise it appears as a notification */
  quiet?: boolean
}

/** Writes through an endpoint in the current workspace; `mutate(input)` sends it. */
export function useWrite<E extends Endpoint>(endpoint: E, options: WriteOptions<E> = {}) {
  const workspace = useContext(WorkspaceSlug)
  const client = useQueryClient()
  return useMutation<ReplyOf<E>, Problem, CallInput<E>>({
    mutationFn: (input) => call(endpoint, input, { workspace }),
    onSuccess: async (reply, input) => {
      options.onDone?.(reply, input)
      await Promise.all(
        (options.stale ?? []).map((read) => client.invalidateQueries({ queryKey: [read.id] })),
      )
    },
    onError: (problem) => {
      if (!options.quiet) showProblem(problem)
    },
  })
}

/** Says in a corner of the screen what went wrong. */
export function showProblem(problem: Error): void {
  notifications.show({
    color: 'red',
    title: 'That did not work',
    message: problem.message,
    autoClose: 10_000,
  })
}

/** Says in a corner of the screen what was done. */
export function showDone(message: string): void {
  notifications.show({ message })
}

// What another endpoint answered is no answer of this one.
function previousOf(endpoint: Endpoint) {
  return <Answer>(previous: Answer, asked: { queryKey: readonly unknown[] } | undefined) =>
    asked?.queryKey[0] === endpoint.id ? previous : undefined
}

function withCursor<E extends Endpoint>(input: CallInput<E>, cursor: string | null): CallInput<E> {
  if (cursor === null) return input
  const { query } = input as { query?: Record<string, unknown> }
  return { ...input, query: { ...query, cursor } }
}
