// Mantine's controls as links of the router: `to`, `params` and `search` are checked against the map in app.tsx.
import { Anchor, Button, Menu } from '@mantine/core'
import type { AnchorProps, ButtonProps, MenuItemProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

type Own<Props> = Props & Omit<ComponentProps<'a'>, keyof Props>

export const ButtonLink = createLink((props: Own<ButtonProps>) => <Button component="a" {...props} />)
export const TextLink = createLink((props: Own<AnchorProps>) => <Anchor {...props} />)
export const MenuLink = createLink((props: Own<MenuItemProps>) => <Menu.Item component="a" {...props} />)
