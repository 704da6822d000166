// What the navigation holds, in order; the keys are pressed one after the other.
import {
  IconActivity,
  IconChartBar,
  IconFileImport,
  IconLayoutDashboard,
  IconMagnet,
  IconPlugConnected,
  IconSend,
  IconSettings,
  IconShieldCheck,
  IconTargetArrow,
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
}

/** Pages of a workspace that stand in the navigation; add yours. */
type MenuAddress =
  | '/w/$workspace'
  | '/w/$workspace/analytics'
  | '/w/$workspace/leads'
  | '/w/$workspace/segments'
  | '/w/$workspace/consent'
  | '/w/$workspace/events'
  | '/w/$workspace/imports'
  | '/w/$workspace/lead-sources'
  | '/w/$workspace/integrations'
  | '/w/$workspace/conversions'
  | '/w/$workspace/deliveries'
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
  { to: '/w/$workspace/imports', label: 'Imports', icon: IconFileImport, key: 'i', needs: 'imports.read' },
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
