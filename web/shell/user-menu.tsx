// The signed-in member: account, colour scheme, keys, and the way out.
import {
  Menu,
  isMantineColorScheme,
  Text,
  UnstyledButton,
  VisuallyHidden,
  useMantineColorScheme,
} from '@mantine/core'
import { IconBook2, IconKeyboard, IconLogout, IconUser } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../../src/accounts/contract.ts'
import type { User, Workspace } from '../../src/accounts/contract.ts'
import { useWrite } from '../queries.ts'
import { initials } from '../ui/format.ts'
import { MenuLink } from '../ui/links.tsx'
import classes from './user-menu.module.css'

export function UserMenu({
  user,
  workspace,
  onKeys,
}: {
  user: User
  workspace: Workspace
  onKeys: () => void
}) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useWrite(signOut, {
    onDone: () => {
      void navigate({ to: '/sign-in' }).then(() => client.clear())
    },
  })
  return (
    <Menu position="bottom-end" width={264}>
      <Menu.Target>
        <UnstyledButton className={classes.portrait}>
          <span aria-hidden>{initials(user.name)}</span>
          <VisuallyHidden>{user.name}: account and appearance</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <Text fw={600} truncate>
            {user.name}
          </Text>
          <Text fz="xs" c="dimmed" truncate>
            {user.email} · {workspace.role}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => {
            if (isMantineColorScheme(value)) setColorScheme(value)
          }}
        >
          <Menu.RadioItem value="light">Light</Menu.RadioItem>
          <Menu.RadioItem value="dark">Dark</Menu.RadioItem>
          <Menu.RadioItem value="auto">As the system</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <MenuLink
          to="/w/$workspace/settings/account"
          params={{ workspace: workspace.slug }}
          leftSection={<IconUser size={16} stroke={1.6} />}
        >
          Your account
        </MenuLink>
        <Menu.Item
          leftSection={<IconKeyboard size={16} stroke={1.6} />}
          rightSection={<kbd>?</kbd>}
          onClick={onKeys}
        >
          Keyboard
        </Menu.Item>
        <Menu.Item
          component="a"
          href="/api/docs"
          target="_blank"
          rel="noreferrer"
          leftSection={<IconBook2 size={16} stroke={1.6} />}
        >
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => leave.mutate({})}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
