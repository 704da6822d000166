// Whose an item is: the rules, case by case, and the law that no browser merges two known people.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Claims, KnownLead } from './contract.ts'
import { identifierKey, leadOf, pairKey, resolveBatch } from './resolve.ts'
import type { Known } from './resolve.ts'

const W = 'w'

function known(
  leads: {
    id: string
    isKnown?: boolean
    isBinned?: boolean
    email?: string
    userId?: string
    vendorCustomerId?: string
    anonymousId?: string
    phone?: string
    surname?: string
  }[],
): Known {
  const result: Known = { identifiers: new Map(), leads: new Map(), shares: new Map(), apart: new Set() }
  leads.forEach((made, i) => {
    const lead: KnownLead = {
      id: made.id,
      workspaceId: W,
      isKnown: made.isKnown ?? Boolean(made.email || made.userId || made.vendorCustomerId || made.phone),
      isBinned: made.isBinned ?? false,
      hasEmail: Boolean(made.email),
      surname: made.surname ?? null,
      userIds: made.userId ? 1 : 0,
      createdAt: new Date(1_700_000_000_000 + i),
    }
    result.leads.set(lead.id, lead)
    const values = {
      email: made.email,
      user_id: made.userId,
      vendor_customer_id: made.vendorCustomerId,
      anonymous_id: made.anonymousId,
      phone: made.phone,
    } as const
    for (const [kind, value] of Object.entries(values) as ['email', string | undefined][]) {
      if (value) {
        result.identifiers.set(identifierKey(W, kind, value), {
          workspaceId: W,
          kind,
          value,
          leadId: lead.id,
          leadCount: 1,
        })
      }
    }
  })
  return result
}

function claims(given: Partial<Claims>): Claims {
  return { workspaceId: W, mayMerge: false, at: new Date(1_800_000_000_000), source: 'tracking', ...given }
}

function resolve(items: Partial<Claims>[], before: Known = known([])) {
  let made = 0
  return { ...resolveBatch(items.map(claims), before, () => `new${++made}`), before }
}

describe('whose an item is', () => {
  it('an anonymous visitor who identifies becomes the person they turn out to be', () => {
    const { decided, changes } = resolve(
      [{ anonymousId: 'a1' }, { anonymousId: 'a1', userId: 'u1', email: 'ann@example.com' }],
      known([{ id: 'ann', email: 'ann@example.com', userId: 'u1' }]),
    )
    expect(decided.map((one) => one?.leadId)).toEqual(['new1', 'ann'])
    expect(changes.merges).toEqual([expect.objectContaining({ winnerId: 'ann', loserId: 'new1' })])
  })

  it('an anonymous visitor whom nobody knows yet keeps the lead and becomes known', () => {
    const { decided, changes } = resolve(
      [{ anonymousId: 'a1', email: 'new@example.com' }],
      known([{ id: 'visitor', anonymousId: 'a1' }]),
    )
    expect(decided[0]).toMatchObject({ leadId: 'visitor', created: false, matchedBy: 'anonymous_id' })
    expect(changes.becameKnown).toEqual(['visitor'])
  })

  it('a second login on a shared device is a second person, who has the anonymous id from then on', () => {
    const { decided, changes, before } = resolve(
      [{ anonymousId: 'a1', userId: 'u2' }, { anonymousId: 'a1' }],
      known([{ id: 'first', userId: 'u1', anonymousId: 'a1' }]),
    )
    expect(decided.map((one) => one?.leadId)).toEqual(['new1', 'new1'])
    expect(changes.merges).toEqual([])
    expect(changes.moved).toHaveLength(1)
    expect(before.identifiers.get(identifierKey(W, 'anonymous_id', 'a1'))?.leadId).toBe('new1')
  })

  describe('an alias', () => {
    const alias = { userId: 'u1', previousId: 'before', anonymousId: 'a1' }
    const at = (before: Known, kind: 'user_id' | 'anonymous_id', value: string) =>
      before.identifiers.get(identifierKey(W, kind, value))?.leadId

    it('of an id that is no user’s takes it for a visitor’s, and leaves the browser’s own out', () => {
      const { decided, before } = resolve([alias], known([{ id: 'visitor', anonymousId: 'before' }]))
      expect(decided[0]).toMatchObject({ leadId: 'visitor', matchedBy: 'anonymous_id' })
      expect([...before.identifiers.keys()].sort()).toEqual([
        identifierKey(W, 'user_id', 'u1'),
        identifierKey(W, 'anonymous_id', 'before'),
      ])
    })

    it('of a known user id by a server gives the person a second user id, and makes no visitor of the first', () => {
      const { decided, changes, before } = resolve(
        [{ ...alias, mayMerge: true }],
        known([{ id: 'bob', userId: 'before' }]),
      )
      expect(decided[0]).toMatchObject({ leadId: 'bob', matchedBy: 'user_id', created: false })
      expect(changes.merges).toEqual([])
      expect([at(before, 'user_id', 'u1'), at(before, 'anonymous_id', 'before')]).toEqual(['bob', undefined])
      expect(at(before, 'anonymous_id', 'a1')).toBe('bob')
    })

    it('between two known user ids merges on a server’s word and is proposed on a browser’s', () => {
      const two = () =>
        known([
          { id: 'bob', userId: 'before' },
          { id: 'new', userId: 'u1' },
        ])
      const told = resolve([{ ...alias, mayMerge: true }], two())
      expect(told.decided[0]).toMatchObject({ leadId: 'bob', merged: ['new'] })
      expect(told.changes.merges).toEqual([
        expect.objectContaining({ winnerId: 'bob', loserId: 'new', reason: 'alias' }),
      ])
      const said = resolve([alias], two())
      expect(said.decided[0]).toMatchObject({ leadId: 'new', merged: [], proposed: 'bob' })
      expect(said.changes.merges).toEqual([])
      expect(said.changes.proposals).toEqual([
        expect.objectContaining({ leadA: 'bob', leadB: 'new', reason: 'alias' }),
      ])
    })

    it('of a known user id to a new one by a browser makes a new person and proposes the two', () => {
      const { decided, changes, before } = resolve([alias], known([{ id: 'bob', userId: 'before' }]))
      expect(decided[0]).toMatchObject({ leadId: 'new1', created: true, proposed: 'bob' })
      expect(changes.proposals).toHaveLength(1)
      expect(at(before, 'user_id', 'before')).toBe('bob')
      expect(at(before, 'anonymous_id', 'before')).toBeUndefined()
    })

    it('of a user id that the same batch made known counts it as one', () => {
      const { decided, before } = resolve([
        { userId: 'before', mayMerge: true },
        { ...alias, mayMerge: true },
      ])
      expect(decided.map((one) => one?.leadId)).toEqual(['new1', 'new1'])
      expect(at(before, 'anonymous_id', 'before')).toBeUndefined()
    })
  })

  describe('two leads that a person keeps apart', () => {
    const apart = (ids: [string, string], leads: Parameters<typeof known>[0]) => {
      const before = known(leads)
      before.apart.add(pairKey(...ids))
      return before
    }
    const ann = { id: 'ann', userId: 'u1' }
    const bob = { id: 'bob', email: 'bob@example.com' }

    it.each([true, false])('are neither merged nor proposed, whoever names both (server: %s)', (mayMerge) => {
      const { decided, changes } = resolve(
        [{ userId: 'u1', email: 'bob@example.com', mayMerge }],
        apart(['ann', 'bob'], [ann, bob]),
      )
      expect(decided[0]).toMatchObject({ leadId: 'ann', merged: [] })
      expect([changes.merges, changes.proposals]).toEqual([[], []])
    })

    it('stay two where one of them is a visitor, whose browser goes over without its past', () => {
      const { decided, changes } = resolve(
        [{ anonymousId: 'a1', userId: 'u1' }],
        apart(['visitor', 'ann'], [ann, { id: 'visitor', anonymousId: 'a1' }]),
      )
      expect(decided[0]).toMatchObject({ leadId: 'ann', merged: [] })
      expect(changes.merges).toEqual([])
      expect(changes.moved).toHaveLength(1)
    })

    it('stay two when one of them becomes part of a third in the same batch', () => {
      const { changes } = resolve(
        [
          { userId: 'u0', vendorCustomerId: 'v', mayMerge: true },
          { vendorCustomerId: 'v', email: 'bob@example.com', mayMerge: true },
        ],
        apart(['third', 'bob'], [{ id: 'first', userId: 'u0' }, { id: 'third', vendorCustomerId: 'v' }, bob]),
      )
      expect(changes.merges).toEqual([expect.objectContaining({ winnerId: 'first', loserId: 'third' })])
    })
  })

  it('a browser that names two known people proposes their merge and changes neither', () => {
    const { decided, changes } = resolve(
      [{ userId: 'u1', email: 'bob@example.com' }],
      known([
        { id: 'ann', userId: 'u1' },
        { id: 'bob', email: 'bob@example.com' },
      ]),
    )
    expect(decided[0]).toMatchObject({ leadId: 'ann', proposed: 'bob' })
    expect(changes.merges).toEqual([])
    expect(changes.proposals).toEqual([expect.objectContaining({ leadA: 'ann', leadB: 'bob' })])
  })

  it('a server that names two known leads merges them into the older one', () => {
    const { decided, changes } = resolve(
      [{ userId: 'u2', email: 'ann@example.com', mayMerge: true }],
      known([
        { id: 'old', email: 'ann@example.com' },
        { id: 'young', userId: 'u2' },
      ]),
    )
    expect(decided[0]).toMatchObject({ leadId: 'old', merged: ['young'] })
    expect(changes.merges).toEqual([expect.objectContaining({ winnerId: 'old', loserId: 'young' })])
  })

  it('a merge never hides a lead in the bin: the one that is not there is kept', () => {
    const { changes } = resolve(
      [{ userId: 'u2', email: 'ann@example.com', mayMerge: true }],
      known([
        { id: 'old', email: 'ann@example.com', isBinned: true },
        { id: 'young', userId: 'u2' },
      ]),
    )
    expect(changes.merges).toEqual([expect.objectContaining({ winnerId: 'young', loserId: 'old' })])
  })

  it('a phone alone joins the same surname, and nobody else who has an e-mail', () => {
    const household = () =>
      known([{ id: 'ann', email: 'ann@example.com', phone: '+4930123456', surname: 'moore' }])
    expect(resolve([{ phone: '+4930123456', surname: 'moore' }], household()).decided[0]?.leadId).toBe('ann')
    expect(resolve([{ phone: '+4930123456', surname: 'smith' }], household()).decided[0]?.leadId).toBe('new1')
    expect(resolve([{ phone: '+4930123456' }], household()).decided[0]?.leadId).toBe('new1')
    const nameless = known([{ id: 'caller', phone: '+4930123456' }])
    expect(resolve([{ phone: '+4930123456' }], nameless).decided[0]?.leadId).toBe('caller')
  })

  it('a value that was seen on more than ten leads finds nobody any more', () => {
    const before = known([{ id: 'kiosk', userId: 'u0', anonymousId: 'shared-device' }])
    const kiosk = before.identifiers.get(identifierKey(W, 'anonymous_id', 'shared-device'))
    if (kiosk) kiosk.leadCount = 11
    expect(resolve([{ anonymousId: 'shared-device' }], before).decided).toEqual([null])
    const { decided, changes } = resolve([{ anonymousId: 'shared-device', userId: 'u9' }], before)
    expect(decided[0]).toMatchObject({ leadId: 'new1', created: true })
    expect(changes.moved).toEqual([])
  })

  it('two people who take turns on one device are two leads, however often they take turns', () => {
    const turns = Array.from({ length: 40 }, (_, n) => ({
      anonymousId: 'tablet',
      userId: n % 2 === 0 ? 'u1' : 'u2',
    }))
    const { decided, before } = resolve(turns)
    expect(new Set(decided.map((one) => one?.leadId)).size).toBe(2)
    expect(before.identifiers.get(identifierKey(W, 'anonymous_id', 'tablet'))?.leadCount).toBe(2)
  })

  it('an identifier is written for the lead that had it first, and a merge of the same batch moves it with a note', () => {
    const { changes } = resolve(
      [{ anonymousId: 'a1' }, { anonymousId: 'a1', userId: 'u1' }],
      known([{ id: 'ann', userId: 'u1' }]),
    )
    expect(changes.attached).toEqual([expect.objectContaining({ value: 'a1', leadId: 'new1' })])
    expect(changes.merges).toEqual([expect.objectContaining({ winnerId: 'ann', loserId: 'new1' })])
  })

  it('an item whose identifiers are all placeholders names nobody', () => {
    expect(
      resolve([{ userId: 'null', email: 'noemail@example.com' }, { userId: 'undefined' }]).decided.at(-1),
    ).toBeNull()
  })

  it('twice the same item gives the same lead and changes nothing the second time', () => {
    const { decided, changes } = resolve([
      { userId: 'u1', email: 'ann@example.com', anonymousId: 'a1' },
      { userId: 'u1', email: 'ann@example.com', anonymousId: 'a1' },
    ])
    expect(decided.map((one) => one?.leadId)).toEqual(['new1', 'new1'])
    expect(changes.newLeads).toHaveLength(1)
    expect(changes.attached).toHaveLength(3)
  })
})

const item = fc.record(
  {
    userId: fc.constantFrom('u1', 'u2', 'u3'),
    email: fc.constantFrom('ann@example.com', 'bob@example.com', 'eve@example.com'),
    anonymousId: fc.constantFrom('a1', 'a2', 'a3', 'a4'),
    phone: fc.constantFrom('+4930111111', '+4930222222'),
    surname: fc.constantFrom('moore', 'smith'),
  },
  { requiredKeys: [] },
)

describe('laws of identity', () => {
  it('browsers never merge two known leads, whatever they claim and in whatever order', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), (items) => {
        const { changes } = resolve(items)
        const people = new Set(changes.newLeads.filter(({ lead }) => lead.isKnown).map(({ lead }) => lead.id))
        for (const merge of changes.merges) expect(people.has(merge.loserId)).toBe(false)
      }),
    )
  })

  it('every identifier belongs to one lead that exists and was not merged away', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(item, fc.boolean()), { maxLength: 40 }), (items) => {
        const { before, changes } = resolve(items.map(([one, mayMerge]) => ({ ...one, mayMerge })))
        const gone = new Set(changes.merges.map((merge) => merge.loserId))
        for (const identifier of before.identifiers.values()) {
          expect(gone.has(identifier.leadId)).toBe(false)
          expect(leadOf(before, identifier.leadId)?.id).toBe(identifier.leadId)
        }
      }),
    )
  })

  it('deciding in one batch or item by item gives the same people', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(item, fc.boolean()), { maxLength: 25 }), (items) => {
        const all = items.map(([one, mayMerge]) => claims({ ...one, mayMerge }))
        const ids = () => {
          let made = 0
          return () => `new${++made}`
        }
        const whole = known([])
        resolveBatch(all, whole, ids())
        const pieces = known([])
        const next = ids()
        for (const one of all) resolveBatch([one], pieces, next)
        const owners = (state: Known) => [...state.identifiers].map(([key, value]) => [key, value.leadId])
        expect(owners(pieces)).toEqual(owners(whole))
      }),
    )
  })
})
