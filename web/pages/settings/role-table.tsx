// Who may what, as the server decides it.
import { IconCheck } from '@tabler/icons-react'
import { permissions, rolePermissions, roles } from '../../../src/accounts/contract.ts'
import type { Permission } from '../../../src/accounts/contract.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { words } from '../../ui/format.ts'
import classes from './role-table.module.css'

export const permissionWords: Record<Permission, string> = {
  'leads.read': 'See leads and their timelines',
  'leads.write': 'Add and change leads, notes and consent; merge',
  'leads.delete': 'Move leads to the bin and restore them',
  'events.read': 'See incoming events',
  'events.write': 'Replay events',
  'imports.read': 'See imports',
  'imports.write': 'Import files',
  'reports.read': 'See reports',
  'settings.read': 'See settings',
  'settings.write': 'Change settings and write keys',
  'team.read': 'See the team',
  'team.manage': 'Invite, remove and change roles',
  'team.own': 'Hand over ownership, delete the workspace',
  'keys.manage': 'Make and revoke API keys',
  'audit.read': 'See the audit log',
  'demo.manage': 'Load demo data and empty the test twin',
}

export function RoleTable() {
  return (
    <DataTable
      label="Who may what"
      rows={permissions}
      rowId={(permission) => permission}
      columns={[
        {
          key: 'permission',
          header: 'May',
          minWidth: 220,
          cell: (permission) => permissionWords[permission],
        },
        ...roles.map((role) => ({
          key: role,
          header: words(role),
          width: 88,
          cell: (permission: Permission) =>
            rolePermissions[role].includes(permission) ? (
              <IconCheck size={16} stroke={2} className={classes.yes} aria-label="yes" role="img" />
            ) : (
              <span className={classes.no} role="img" aria-label="no">
                –
              </span>
            ),
        })),
      ]}
      footer="Beyond this, only an owner makes, demotes or removes owners, and a team always keeps one."
    />
  )
}
