// Meta's error answers, as every edge of the Graph gives them.
import { json } from '../frame/call.ts'
import type { Answer } from '../frame/call.ts'

export interface GraphError {
  message: string
  type?: string
  code: number
  error_subcode?: number
  is_transient?: boolean
  error_user_title?: string
  error_user_msg?: string
}

export function graphError(status: number, error: GraphError, traceId: string, note?: string): Answer {
  const answer = json(status, { error: { type: 'OAuthException', ...error, fbtrace_id: traceId } })
  return { ...answer, note: note ?? error.message }
}

/** An invalid parameter; the number of the bad event is told on the sandbox's page only, as Meta does not tell it. */
export function invalidParameter(
  traceId: string,
  title: string,
  message: string,
  { subcode, note }: { subcode?: number; note?: string } = {},
): Answer {
  return graphError(
    400,
    {
      message: 'Invalid parameter',
      code: 100,
      ...(subcode !== undefined && { error_subcode: subcode }),
      is_transient: false,
      error_user_title: title,
      error_user_msg: message,
    },
    traceId,
    note ? `${title}: ${note}` : title,
  )
}
