// The frame of the settings: their pages at the left, or above on a phone.
import { Link, Outlet } from '@tanstack/react-router'
import { settingsMenu } from '../../shell/settings-menu.ts'
import { useWorkspace } from '../../workspace.ts'
import classes from './settings.module.css'

export function SettingsPage() {
  const { slug, permissions } = useWorkspace()
  const entries = settingsMenu.filter(({ needs }) => !needs || permissions.includes(needs))
  return (
    <div className={classes.root}>
      <nav aria-label="Settings" className={classes.nav}>
        {entries.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            params={{ workspace: slug }}
            className={classes.link}
            activeOptions={{ exact: true }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className={classes.page}>
        <Outlet />
      </div>
    </div>
  )
}
