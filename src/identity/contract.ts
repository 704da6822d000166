// The nouns of identity: what a message claims about who it is from, and what was decided of it.

export const KIND = { user_id: 1, vendor_customer_id: 2, email: 3, anonymous_id: 4, phone: 5 } as const
export type IdentifierKind = keyof typeof KIND

/** What one item says about who it is from. Values are normalised for matching; e-mail is the match key. */
export interface Claims {
  workspaceId: string
  /** the lead that a caller of ours named: nothing else is looked at, and nothing is attached to it */
  leadId?: string
  userId?: string
  vendorCustomerId?: string
  email?: string
  phone?: string
  anonymousId?: string
  /** the id before an alias: a user id where it is known as one, else a visitor's, which then stands for `anonymousId` */
  previousId?: string
  /** folded surname, for matching by phone */
  surname?: string
  /** servers and imports may merge two known leads; browsers only attach their own anonymous id */
  mayMerge: boolean
  /** when it happened, for the age of a new lead */
  at: Date
  /** what a new lead's source would be */
  source: string
}

/** What was decided for one item. */
export interface Identified {
  leadId: string
  created: boolean
  /** the kind of identifier that found the lead, `named` where the caller did, or `created` */
  matchedBy: IdentifierKind | 'named' | 'created'
  /** leads that this item merged into its lead */
  merged: string[]
  /** the lead with which a merge was proposed instead */
  proposed?: string
}

/** A lead as identity needs it. */
export interface KnownLead {
  id: string
  workspaceId: string
  isKnown: boolean
  /** in the bin, where nobody sees it */
  isBinned: boolean
  hasEmail: boolean
  surname: string | null
  userIds: number
  createdAt: Date
}

/** Ten leads: a value seen on more stops being evidence. */
export const EVIDENCE_LIMIT = 10
