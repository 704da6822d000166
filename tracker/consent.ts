// Rules of consent: whether events may be kept and sent, and what is said about it with each of them.
import { parseJson } from './json.ts'

/** What the visitor chose, by purpose (`analytics`, `ad_user_data`, `ad_personalisation`), and when (ISO). */
export interface Choice {
  purposes: Record<string, boolean>
  at: string
}

/** granted: store and send. unknown: hold in memory. denied: neither. */
export type Permission = 'granted' | 'unknown' | 'denied'

/** `required`: without an explicit yes nothing is stored or sent. `refused`: opted out, or Do Not Track is honoured. */
export function permission(required: boolean, refused: boolean, choice: Choice | undefined): Permission {
  const analytics = choice && choice.purposes.analytics
  if (refused || analytics === false) return 'denied'
  return analytics || !required ? 'granted' : 'unknown'
}

/** The purposes to state with an event; the browser's Global Privacy Control denies both ad purposes whatever was chosen. */
export function statedPurposes(
  choice: Choice | undefined,
  gpc: boolean,
): Record<string, boolean> | undefined {
  if (!gpc) return choice && choice.purposes
  return { ...(choice && choice.purposes), ad_user_data: false, ad_personalisation: false }
}

/**
 * The choice after an act at `at`. Anything but `true` is a no, purposes not named keep their value, and an act that changes
 * nothing keeps its first instant.
 */
export function choose(choice: Choice | undefined, act: Record<string, unknown>, at: string): Choice {
  const purposes: Record<string, boolean> = { ...(choice && choice.purposes) }
  for (const purpose of Object.keys(act)) purposes[purpose] = act[purpose] === true
  return choice && JSON.stringify(purposes) === JSON.stringify(choice.purposes) ? choice : { purposes, at }
}

/** A choice read back from its cookie; undefined when absent or not one. */
export function parseChoice(text: string | undefined): Choice | undefined {
  const choice = parseJson<Choice>(text)
  return choice && choice.purposes ? choice : undefined
}
