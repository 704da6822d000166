// What is told of an order and of a person, the same wherever they are spoken of.
import type { Order } from './journey.ts'
import { streams } from './people.ts'
import type { Details, Person } from './people.ts'
import { Stream } from './random.ts'
import { basketOf, orderAmounts } from './shop.ts'
import type { World } from './world.ts'

/** An order's lines, and its properties in a call: the same wherever it is spoken of. */
export function orderOf(world: World, person: Person, order: Order) {
  const random = new Stream(world.seed, streams.order, person.index, order.day, order.nth)
  const lines = basketOf(person.segment, random)
  const orderId = `NL-${(person.index + 1) * 10_000 + order.day * 10 + order.nth}-${random.token(3)}`
  return { lines, amounts: { order_id: orderId, ...orderAmounts(lines, world.currency, random) } }
}

/** What is told of a person; `inFull` as at a checkout or in a sales system, else as in a newsletter form. */
export function traitsOf(details: Details, inFull: boolean): Record<string, unknown> {
  const { firstName, lastName, email, phone, company, jobTitle, town, country } = details
  if (!inFull) return { email, firstName }
  return {
    email,
    firstName,
    lastName,
    ...(phone ? { phone } : {}),
    ...(company ? { company: { name: company.name, employees: company.size }, title: jobTitle } : {}),
    address: { city: town, country: country.code },
  }
}
