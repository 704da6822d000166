// Every vendor that the sandbox plays, in the order of its page.
import type { OpenVendor } from './frame/vendor.ts'
import { openMeta } from './meta/index.ts'

export const VENDORS: OpenVendor[] = [openMeta]
