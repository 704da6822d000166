// The verbs of affinity: what is bought together in a workspace, and what one buyer bought and may like.
import { findLead } from '../../leads/index.ts'
import { idSchema } from '../../lib/ids.ts'
import { missing } from '../../lib/refusal.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import type { Affinities, BasketKind, Taste } from './contract.ts'
import { affinitiesOf, mayLike } from './measures.ts'
import { countBaskets, readBought, readCustomerLead } from './store.ts'

/** The lead behind a customer's number or a lead's id, the one that it is part of now; refuses (404) what is neither. */
export async function leadOfCustomer(
  db: Db,
  workspaceId: string,
  id: string,
  connectionId?: string,
): Promise<string> {
  if (idSchema.safeParse(id).success) return findLead(db, workspaceId, id)
  const leadId = await readCustomerLead(db, workspaceId, id, connectionId)
  if (leadId === undefined) throw missing('customer', id)
  return findLead(db, workspaceId, leadId)
}

const DAY_MS = 86_400_000
/** A buyer's suggestions look at what a year says. */
const TASTE_DAYS = 365
const TASTE_FEWEST = 3

/** What is bought together. @param asked.fewest pairs in fewer baskets are left out */
export async function affinities(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  workspaceId: string,
  asked: { basket: BasketKind; days: number; fewest: number; limit: number },
): Promise<Affinities> {
  const since = new Date(clock().getTime() - asked.days * DAY_MS)
  const { pairs, ...counted } = await countBaskets(db, {
    workspaceId,
    basket: asked.basket,
    since,
    fewest: asked.fewest,
  })
  const found = affinitiesOf(counted, pairs)
  return { ...found, items: found.items.slice(0, asked.limit) }
}

/** What a lead bought, and what goes with it. */
export async function tasteOf(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  workspaceId: string,
  leadId: string,
): Promise<Taste> {
  const bought = await readBought(db, workspaceId, leadId)
  if (bought.length === 0) return { bought: [], mayLike: [] }
  const since = new Date(clock().getTime() - TASTE_DAYS * DAY_MS)
  const { pairs, ...counted } = await countBaskets(db, {
    workspaceId,
    basket: 'person',
    since,
    fewest: TASTE_FEWEST,
  })
  return {
    bought: bought.map(({ lastBoughtAt, ...product }) => ({
      ...product,
      lastBoughtAt: lastBoughtAt.toISOString(),
    })),
    mayLike: mayLike(new Set(bought.map(({ key }) => key)), affinitiesOf(counted, pairs).items),
  }
}
