// Every reason why a message did not become an event, in a sentence that says what to do.

const sentences: Record<string, string> = {
  not_an_object: 'Each message must be a JSON object with a type; this one was something else.',
  type_unknown: 'The type must be identify, track, page, screen, group or alias.',
  event_missing: 'A track call needs the name of the event in `event`.',
  identity_missing: 'A message needs a userId or an anonymousId, so that it belongs to somebody.',
  field_wrong_type: 'properties, traits and context must be objects; ids must be text or numbers.',
  event_too_large:
    'One message may have at most 32 kB; this one is larger. Send less in properties or traits.',
  nested_too_deep: 'Objects may be nested at most 20 deep.',
  text_malformed: 'A text holds a NUL character or half a surrogate pair, which no field can hold.',
  alias_incomplete: 'An alias call needs previousId and userId.',
  group_incomplete: 'A group call needs a groupId.',
  address_excluded: 'It came from an address that the workspace settings exclude as own traffic.',
  lead_erased: 'The person was erased on request; nothing about them is taken in any more.',
  consent_refused: 'The visitor refused analytics, so the visit is not recorded.',
  nobody_named: 'All its identifiers are placeholders or shared by too many people, so it belongs to nobody.',
  payload_unreadable: 'The payload lacks what it must have, or its shop was disconnected.',
  step_failed: 'A step failed on it. It is kept; replay it when the cause is gone.',
}

/** The reason in words; undefined for a code that is none. */
export function explainReason(reason: string | null, detail?: string): string | null {
  if (reason === null) return null
  const sentence = sentences[reason] ?? reason
  return detail ? `${sentence} (${detail})` : sentence
}
