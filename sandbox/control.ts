// The control API: faults, the clock, what was received, and the commands of each vendor.
import { fieldsOf, json, numberOf, textOf } from './frame/call.ts'
import type { Answer, Call } from './frame/call.ts'
import { FAULT_KINDS } from './frame/faults.ts'
import type { State } from './server.ts'

/** Answers a call below /control; forms of the page are sent back to where they came from. */
export async function answerControl(state: State, call: Call): Promise<Answer> {
  const answer = (await common(state, call)) ?? (await ofVendor(state, call)) ?? nothing(call)
  const isForm = (call.headers['content-type'] ?? '').includes('x-www-form-urlencoded')
  if (!isForm || answer.status >= 400) return answer
  return { status: 303, headers: { location: call.headers.referer ?? '/' }, body: '' }
}

async function common(state: State, call: Call): Promise<Answer | undefined> {
  const { world, vendors } = state
  const fields = fieldsOf(call)
  switch (`${call.method} ${call.path.replace(/^\/control/, '')}`) {
    case 'GET ':
      return json(200, {
        now: new Date(world.now()).toISOString(),
        vendors: vendors.map((vendor) => ({
          id: vendor.id,
          name: vendor.name,
          received: world.journal.count(vendor.id, 'in'),
          sent: world.journal.count(vendor.id, 'out'),
        })),
        faults: world.faults.list(),
        faultKinds: FAULT_KINDS,
      })
    case 'GET /faults':
      return json(200, world.faults.list())
    case 'POST /faults': {
      const fault = world.faults.add(fields)
      return typeof fault === 'string' ? json(400, { error: fault }) : json(201, fault)
    }
    case 'DELETE /faults':
    case 'POST /faults/clear':
      return json(200, { removed: world.faults.remove() })
    case 'POST /faults/remove':
      return json(200, { removed: world.faults.remove(numberOf(fields.id, 0)) })
    case 'GET /clock':
      return json(200, { now: new Date(world.now()).toISOString() })
    case 'POST /clock':
      world.advance(numberOf(fields.advanceMs, 0))
      return json(200, { now: new Date(world.now()).toISOString() })
    case 'GET /requests':
      return json(
        200,
        world.journal.read(
          call.query.get('vendor') ?? undefined,
          numberOf(call.query.get('limit') ?? undefined, 50),
        ),
      )
    case 'POST /reset': {
      const named = textOf(fields.vendor)
      const chosen = vendors.filter((vendor) => named === '' || vendor.id === named)
      for (const vendor of chosen) {
        vendor.reset()
        world.journal.clear(vendor.id)
      }
      if (named === '') world.faults.remove()
      return json(200, { reset: chosen.map((vendor) => vendor.id) })
    }
    default:
      return undefined
  }
}

async function ofVendor(state: State, call: Call): Promise<Answer | undefined> {
  const [, , first = '', ...rest] = call.path.split('/')
  if (call.method === 'DELETE' && first === 'faults')
    return json(200, { removed: state.world.faults.remove(Number(rest[0])) })
  if (call.method === 'GET' && first === 'books') {
    const vendor = state.vendors.find((each) => each.id === rest[0])
    return vendor && json(200, vendor.books(call.query))
  }
  return await state.vendors
    .find((vendor) => vendor.id === first)
    ?.control({
      method: call.method,
      path: `/${rest.join('/')}`,
      query: call.query,
      fields: fieldsOf(call),
      origin: call.origin,
    })
}

function nothing(call: Call): Answer {
  return json(404, {
    error: `The control API has no ${call.method} ${call.path}; docs/sandbox.md lists what it has.`,
  })
}
