// Serves what goes back to Shopify: tags, conflicts that a person decides, and consent begun again.
import { askForWriting, sendChange } from '../../../activation/shop-writes/index.ts'
import { findCustomer, presentCustomerDetail, settleWrite } from '../../../commerce/shop/index.ts'
import { findLead, presentLeads, updateLead } from '../../../leads/index.ts'
import { newId } from '../../../lib/ids.ts'
import { Refusal, missing } from '../../../lib/refusal.ts'
import type { Api, Caller } from '../../../platform/server.ts'
import type { Services } from '../../../platform/services.ts'
import * as contract from '../contract.ts'

export function writingRoutes(api: Api, services: Services): void {
  const { db, clock } = services
  const customerOf = async (caller: Caller, id: string, connectionId: string | undefined) => {
    const row = await findCustomer(db, caller.workspaceId, id, connectionId)
    if (!row) throw missing('customer', id)
    return row
  }
  const asItIs = async (caller: Caller, id: string, connectionId: string) =>
    presentCustomerDetail(await customerOf(caller, id, connectionId))

  api.on(contract.tagShopifyCustomer, async ({ params, query, body, caller }) => {
    const row = await customerOf(caller, params.id, query.connectionId)
    const leadId = await findLead(db, caller.workspaceId, row.leadId)
    const [before] = await presentLeads(db, caller.workspaceId, [leadId])
    const kept = (before?.tags ?? []).filter((tag) => !body.remove.includes(tag))
    await updateLead(services, caller, leadId, { tags: [...new Set([...kept, ...body.add])] })
    // What the lead had already the shop may lack all the same.
    const addTags = body.add.filter((tag) => !row.tags.includes(tag))
    const removeTags = body.remove.filter((tag) => row.tags.includes(tag))
    if (addTags.length + removeTags.length > 0)
      await sendChange(
        db,
        {
          workspaceId: caller.workspaceId,
          connectionId: row.connectionId,
          leadId,
          key: `${row.id}:${newId()}`,
        },
        { customerId: row.id, addTags, removeTags },
        clock(),
      )
    await askForWriting(db)
    return asItIs(caller, row.id, row.connectionId)
  })

  api.on(contract.resolveShopifyConflict, async ({ params, query, body, caller }) => {
    const row = await customerOf(caller, params.id, query.connectionId)
    const conflict = row.conflicts.find(({ field }) => field === body.field)
    if (!conflict)
      throw new Refusal(
        'conflict_settled',
        409,
        `Lead and shop do not disagree about ${body.field} any more. Look at the customer again.`,
      )
    const place = { workspaceId: caller.workspaceId, connectionId: row.connectionId, customerId: row.id }
    if (body.keep === 'shop') {
      await updateLead(services, caller, row.leadId, { fields: { [conflict.field]: conflict.shop } })
      await settleWrite(db, {
        ...place,
        problem: null,
        fields: { [conflict.field]: conflict.shop },
        conflicts: [],
      })
    } else {
      const field = { key: conflict.field, value: conflict.lead, agreed: null, force: true }
      const to = { workspaceId: caller.workspaceId, connectionId: row.connectionId, leadId: row.leadId }
      await sendChange(
        db,
        { ...to, key: `${row.id}:${newId()}` },
        { customerId: row.id, fields: [field] },
        clock(),
      )
    }
    return asItIs(caller, row.id, row.connectionId)
  })
}
