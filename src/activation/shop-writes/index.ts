// The verbs of writing to shops: what changes of a lead here goes to the shop whose customer it is.
import type { Shippers } from '../../deliveries/index.ts'
import type { Services } from '../../platform/services.ts'
import { SHOP_WRITE, shopWriteShipper } from './shipping.ts'

export { askForWriting, sendChange, shopWriteCron, shopWriteTasks } from './jobs.ts'

/** How changes leave, by kind. */
export function shopShippers(services: Pick<Services, 'db' | 'clock'>): Shippers {
  return { [SHOP_WRITE]: shopWriteShipper(services) }
}
