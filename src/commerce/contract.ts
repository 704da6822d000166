// The nouns of commerce: an order as a source tells it, in integer minor units of its currency.

export interface OrderLine {
  name: string
  sku?: string
  quantity: number
  priceMinor: number
}

/** What a source says of an order; a later word about the same `externalId` replaces what it names. */
export interface OrderWord {
  workspaceId: string
  leadId: string
  source: string
  externalId: string
  number?: string
  status: string
  currency: string
  totalMinor: number
  subtotalMinor: number
  shippingMinor: number
  taxMinor: number
  /** refunded so far in all (`set`), by this word alone (`add`), or as much as was paid (`all`, where the word names no amount) */
  refund: { mode: 'set' | 'add' | 'all'; minor: number }
  placedAt: string
  cancelledAt: string | null
  lines: OrderLine[]
  isTest: boolean
  /** the kind of word: an order as a whole, or only what happened to it since */
  kind: 'order' | 'refund' | 'cancel'
}
