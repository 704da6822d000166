// What the navigation holds, in order; the keys are pressed one after the other.
import {
  IconActivity,
  IconBox,
  IconBuildingStore,
  IconChartBar,
  IconFileImport,
  IconForms,
  IconLayoutDashboard,
  IconMagnet,
  IconPlugConnected,
  IconReceipt,
  IconSend,
  IconSettings,
  IconShieldCheck,
  IconShoppingCartX,
  IconTargetArrow,
  IconUserHeart,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Permission } from '../../src/accounts/contract.ts'

export interface MenuEntry {
  to: MenuAddress
  label: string
  icon: ComponentType<{ size?: number; stroke?: number }>
  /** the second key after g */
  key: string
  needs?: Permission
  /** only where a shop is or was connected */
  needsShop?: true
}

/** Pages of a workspace that stand in the navigation; add yours. */
type MenuAddress =
  | '/w/$workspace'
  | '/w/$workspace/analytics'
  | '/w/$workspace/leads'
  | '/w/$workspace/segments'
  | '/w/$workspace/consent'
  | '/w/$workspace/events'
  | '/w/$workspace/forms'
  | '/w/$workspace/imports'
  | '/w/$workspace/lead-sources'
  | '/w/$workspace/integrations'
  | '/w/$workspace/conversions'
  | '/w/$workspace/deliveries'
  | '/w/$workspace/shop'
  | '/w/$workspace/shop/customers'
  | '/w/$workspace/shop/orders'
  | '/w/$workspace/shop/products'
  | '/w/$workspace/shop/carts'
  | '/w/$workspace/settings'

export const menu: readonly MenuEntry[] = [
  { to: '/w/$workspace', label: 'Dashboard', icon: IconLayoutDashboard, key: 'd', needs: 'reports.read' },
  {
    to: '/w/$workspace/analytics',
    label: 'Analytics',
    icon: IconChartBar,
    key: 'a',
    needs: 'reports.read',
  },
  { to: '/w/$workspace/leads', label: 'Leads', icon: IconUsers, key: 'l', needs: 'leads.read' },
  { to: '/w/$workspace/segments', label: 'Segments', icon: IconUsersGroup, key: 'm', needs: 'leads.read' },
  { to: '/w/$workspace/consent', label: 'Consent', icon: IconShieldCheck, key: 'c', needs: 'leads.read' },
  { to: '/w/$workspace/events', label: 'Events', icon: IconActivity, key: 'e', needs: 'events.read' },
  { to: '/w/$workspace/forms', label: 'Forms', icon: IconForms, key: 'f', needs: 'leads.read' },
  { to: '/w/$workspace/imports', label: 'Imports', icon: IconFileImport, key: 'i', needs: 'imports.read' },
  { to: '/w/$workspace/shop', label: 'Shop', icon: IconBuildingStore, key: 'h', needs: 'leads.read' },
  {
    to: '/w/$workspace/shop/customers',
    label: 'Customers',
    icon: IconUserHeart,
    key: 'u',
    needs: 'leads.read',
    needsShop: true,
  },
  {
    to: '/w/$workspace/shop/orders',
    label: 'Orders',
    icon: IconReceipt,
    key: 'o',
    needs: 'leads.read',
    needsShop: true,
  },
  {
    to: '/w/$workspace/shop/products',
    label: 'Products',
    icon: IconBox,
    key: 'p',
    needs: 'leads.read',
    needsShop: true,
  },
  {
    to: '/w/$workspace/shop/carts',
    label: 'Abandoned carts',
    icon: IconShoppingCartX,
    key: 'k',
    needs: 'leads.read',
    needsShop: true,
  },
  {
    to: '/w/$workspace/lead-sources',
    label: 'Lead sources',
    icon: IconMagnet,
    key: 'w',
    needs: 'settings.read',
  },
  {
    to: '/w/$workspace/conversions',
    label: 'Conversions',
    icon: IconTargetArrow,
    key: 'v',
    needs: 'settings.read',
  },
  { to: '/w/$workspace/deliveries', label: 'Deliveries', icon: IconSend, key: 'y', needs: 'events.read' },
  {
    to: '/w/$workspace/integrations',
    label: 'Integrations',
    icon: IconPlugConnected,
    key: 'n',
    needs: 'settings.read',
  },
  { to: '/w/$workspace/settings', label: 'Settings', icon: IconSettings, key: 's' },
]
