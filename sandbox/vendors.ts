// Every vendor that the sandbox plays, in the order of its page.
import type { OpenVendor } from './frame/vendor.ts'
import { openGa4 } from './ga4/index.ts'
import { openGoogle } from './google/index.ts'
import { openGtm } from './gtm/index.ts'
import { openLinkedin } from './linkedin/index.ts'
import { openMeta } from './meta/index.ts'
import { openShopify } from './shopify/index.ts'

export const VENDORS: OpenVendor[] = [openMeta, openGa4, openGtm, openShopify, openLinkedin, openGoogle]
