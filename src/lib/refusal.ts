// A refusal: the caller's fault, told with a code, an HTTP status and a sentence that says what to do.

/** Thrown by any layer; the server turns it into problem+json, the command line into one line on stderr. */
export class Refusal extends Error {
  readonly code: string
  readonly status: number
  readonly details: Record<string, unknown> | undefined
  /** Seconds after which a retry makes sense (sent as Retry-After). */
  readonly retryAfterSeconds: number | undefined

  /**
   * @param code `noun_state`, stable, for programs: `lead_missing`
   * @param status the HTTP status, 400 to 503
   * @param sentence what happened, why, and what to do next
   */
  constructor(
    code: string,
    status: number,
    sentence: string,
    extra: { details?: Record<string, unknown>; retryAfterSeconds?: number } = {},
  ) {
    super(sentence)
    this.name = 'Refusal'
    this.code = code
    this.status = status
    this.details = extra.details
    this.retryAfterSeconds = extra.retryAfterSeconds
  }
}

/** The refusal for something that is not there, or not in this workspace: the two are never told apart. */
export function missing(noun: string, id: string): Refusal {
  return new Refusal(
    `${noun}_missing`,
    404,
    `There is no ${noun.replaceAll('_', ' ')} ${id} in this workspace.`,
  )
}
