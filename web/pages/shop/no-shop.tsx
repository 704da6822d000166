// What stands on a shop's page while none is connected: the way to connect one.
import { IconBuildingStore } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ButtonLink } from '../../ui/links.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'

export function NoShop({ children }: { children?: ReactNode }) {
  const { slug } = useWorkspace()
  const mayConnect = useMay('settings.write')
  return (
    <EmptyState
      icon={IconBuildingStore}
      title="No shop is connected"
      actions={
        mayConnect ? (
          <ButtonLink to="/w/$workspace/integrations" params={{ workspace: slug }}>
            Connect a shop
          </ButtonLink>
        ) : undefined
      }
    >
      {children ?? 'Connect one under Integrations: its customers, orders, products and carts come in here.'}
    </EmptyState>
  )
}
