// What a person decides while leads are compared: which lead's value holds where they differ. Pure.
import type { mergeLeads, previewMerge } from '../../../../src/leads/contract.ts'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import type { CallInput } from '../../../call.ts'

export type Preview = ReplyOf<typeof previewMerge>
export type ComparedLead = Preview['leads'][number]
export type ComparedField = Preview['fields'][number]

/** By field, the id of the lead whose value was chosen; fields that nobody touched are left to the server. */
export type Choices = Readonly<Record<string, string>>

/** The places of the leads in a preview, in the order in which the page shows them, whichever of them stays. */
export function columnsOf({ leads }: Preview, shownIds: readonly string[]): number[] {
  const placeOf = (at: number) => {
    const place = shownIds.indexOf(leads[at]!.id)
    return place < 0 ? shownIds.length : place
  }
  return leads.map((_, at) => at).sort((a, b) => placeOf(a) - placeOf(b))
}

/** Whether there is something to choose: a value that only one lead has is simply kept. */
export function isOpen({ values }: ComparedField): boolean {
  return new Set(values.filter((value) => value !== null)).size > 1
}

/** The value that holds after the merge. */
export function resultOf(field: ComparedField, { leads }: Preview, choices: Choices): unknown {
  const at = leads.findIndex(({ id }) => id === choices[field.field])
  const chosen = field.values[at]
  return isOpen(field) && chosen !== undefined && chosen !== null ? chosen : field.result
}

/** The place of the owner among the choices. */
export const OWNER = 'ownerId'

/** Whether the leads belong to several people. */
export function isOwnerOpen({ leads }: Preview): boolean {
  return new Set(leads.flatMap(({ ownerId }) => ownerId ?? [])).size > 1
}

/** Whom the lead belongs to after the merge. */
export function ownerOf(preview: Preview, choices: Choices): string | null {
  const chosen = preview.leads.find(({ id }) => id === choices[OWNER])?.ownerId
  return (isOwnerOpen(preview) ? chosen : null) ?? preview.ownerId
}

/** What the server is asked to do: only what differs from what it would do anyway, under the revisions that were seen. */
export function mergeInput(preview: Preview, choices: Choices): CallInput<typeof mergeLeads>['body'] {
  const [winnerId = '', loserId = '', ...furtherLoserIds] = preview.leads.map(({ id }) => id)
  const chosen = preview.fields.flatMap((field) => {
    const value = resultOf(field, preview, choices)
    return value === field.result ? [] : [[field.field, value as string | number | boolean] as const]
  })
  const custom = chosen.flatMap(([field, value]) =>
    field.startsWith(CUSTOM) ? [[field.slice(CUSTOM.length), value] as const] : [],
  )
  const ownerId = ownerOf(preview, choices)
  return {
    winnerId,
    loserId,
    furtherLoserIds,
    ...(ownerId === null || ownerId === preview.ownerId ? {} : { ownerId }),
    fields: Object.fromEntries(chosen.filter(([field]) => !field.startsWith(CUSTOM))),
    custom: Object.fromEntries(custom),
    revisions: Object.fromEntries(preview.leads.map(({ id, revision }) => [id, revision])),
  }
}

/** The fields whose values are no more what they were when the person looked first. */
export function changedFields(seen: Preview, now: Preview): Set<string> {
  const said = ({ leads }: Preview, field: ComparedField | undefined) =>
    JSON.stringify(leads.map(({ id }, at) => [id, field?.values[at] ?? null]).sort())
  const names = new Set([...seen.fields, ...now.fields].map(({ field }) => field))
  const find = (preview: Preview, name: string) => preview.fields.find(({ field }) => field === name)
  return new Set([...names].filter((name) => said(seen, find(seen, name)) !== said(now, find(now, name))))
}

const CUSTOM = 'fields.'
