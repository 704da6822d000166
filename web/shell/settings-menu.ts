// The pages of the settings, in order.
import {
  IconBrain,
  IconBuilding,
  IconChartArrowsVertical,
  IconFlask,
  IconForms,
  IconGauge,
  IconHeartbeat,
  IconHistory,
  IconKey,
  IconMail,
  IconRadar2,
  IconStairsUp,
  IconUser,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Permission } from '../../src/accounts/contract.ts'

export interface SettingsEntry {
  to: SettingsAddress
  label: string
  icon: ComponentType<{ size?: number; stroke?: number }>
  needs?: Permission
}

type SettingsAddress =
  | '/w/$workspace/settings'
  | '/w/$workspace/settings/team'
  | '/w/$workspace/settings/mail'
  | '/w/$workspace/settings/fields'
  | '/w/$workspace/settings/scoring'
  | '/w/$workspace/settings/predictive'
  | '/w/$workspace/settings/journey'
  | '/w/$workspace/settings/lifecycle'
  | '/w/$workspace/settings/attribution'
  | '/w/$workspace/settings/tracking'
  | '/w/$workspace/settings/api-keys'
  | '/w/$workspace/settings/webhooks'
  | '/w/$workspace/settings/demo'
  | '/w/$workspace/settings/audit'
  | '/w/$workspace/settings/account'

export const settingsMenu: readonly SettingsEntry[] = [
  { to: '/w/$workspace/settings', label: 'Workspace', icon: IconBuilding, needs: 'settings.read' },
  { to: '/w/$workspace/settings/team', label: 'Team', icon: IconUsers, needs: 'team.read' },
  { to: '/w/$workspace/settings/mail', label: 'Mail', icon: IconMail, needs: 'team.manage' },
  { to: '/w/$workspace/settings/fields', label: 'Custom fields', icon: IconForms, needs: 'leads.read' },
  { to: '/w/$workspace/settings/scoring', label: 'Scoring', icon: IconGauge, needs: 'settings.read' },
  {
    to: '/w/$workspace/settings/predictive',
    label: 'Predictive model',
    icon: IconBrain,
    needs: 'settings.read',
  },
  {
    to: '/w/$workspace/settings/journey',
    label: 'Risk and value',
    icon: IconHeartbeat,
    needs: 'settings.read',
  },
  { to: '/w/$workspace/settings/lifecycle', label: 'Lifecycle', icon: IconStairsUp, needs: 'settings.read' },
  {
    to: '/w/$workspace/settings/attribution',
    label: 'Attribution',
    icon: IconChartArrowsVertical,
    needs: 'settings.read',
  },
  { to: '/w/$workspace/settings/tracking', label: 'Tracking', icon: IconRadar2, needs: 'settings.read' },
  { to: '/w/$workspace/settings/api-keys', label: 'API keys', icon: IconKey, needs: 'keys.manage' },
  { to: '/w/$workspace/settings/webhooks', label: 'Webhooks', icon: IconWebhook, needs: 'settings.read' },
  { to: '/w/$workspace/settings/demo', label: 'Demo data', icon: IconFlask, needs: 'settings.read' },
  { to: '/w/$workspace/settings/audit', label: 'Audit log', icon: IconHistory, needs: 'audit.read' },
  { to: '/w/$workspace/settings/account', label: 'Your account', icon: IconUser },
]
