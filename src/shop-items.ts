// What the steps of a shop's line in `flow.ts` hand on: what a shop told at once, and what is known of it by then.
import type { Recalled, Speaker } from './commerce/shop/index.ts'
import type {
  CheckoutWord,
  CustomerWord,
  RefundWord,
  ShopOrderWord,
  ShopProductWord,
  ShopWord,
} from './connectors/index.ts'
import type { LoggedEvent } from './events/contract.ts'
import type { FlowContext, Subject } from './flow-steps.ts'
import type { Identified } from './identity/index.ts'

/** The shop that speaks, with what its words need to be understood. */
export interface ShopVoice extends Speaker {
  /** the id of the connector, as a lead's source */
  connector: string
  domain: string
  name: string
}

/** What a shop told at once: a webhook, or a record of its file. */
export interface ShopItem {
  workspaceId: string
  voice: ShopVoice
  words: readonly ShopWord[]
  /** `history`: a first reading, which no destination is told of */
  from: 'history' | 'news'
}

export interface ShopContext extends FlowContext {
  recalled?: Map<string, Recalled>
  /** how many records were new to us, and changed */
  made: number
  changed: number
}

/** An item with whom it is about, if anybody, and what it did. */
export interface ShopSubject extends ShopItem {
  customer?: CustomerWord
  order?: ShopOrderWord
  checkout?: CheckoutWord
  refund?: RefundWord
  product?: ShopProductWord
  addedTags: string[]
  removedTags: string[]
  /** whether anything of it was new */
  isNews: boolean
  subject?: Subject
  identified?: Identified
  events: { leadId: string; event: LoggedEvent }[]
}
