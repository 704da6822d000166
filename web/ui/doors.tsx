// The three ways to the first leads: the demo, a file, the tracker.
import { Button } from '@mantine/core'
import { IconCode, IconFileSpreadsheet, IconFlask } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import { importsPath } from '../paths.ts'
import { twinOf, useMay, useSession, useWorkspace } from '../workspace.ts'
import { DemoSteps, useDemo } from './demo-steps.tsx'
import classes from './doors.module.css'
import { ButtonLink } from './links.tsx'

export function Doors() {
  const workspace = useWorkspace()
  const { workspaces } = useSession()
  const mayDemo = useMay('demo.manage')
  const mayImport = useMay('imports.write')
  const twin = workspace.mode === 'test' ? workspace : twinOf(workspace, workspaces)
  return (
    <div className={classes.row}>
      {mayDemo && twin ? (
        <Door
          icon={IconFlask}
          title="Load the demo"
          about="500 invented people with 60 days of visits, forms and orders. They live in the test twin, apart from everything real."
        >
          <DemoDoor slug={twin.slug} />
        </Door>
      ) : null}
      {mayImport ? (
        <Door
          icon={IconFileSpreadsheet}
          title="Import a file"
          about="A CSV of contacts or orders, as your shop, CRM or newsletter tool exports it. Columns are recognised; you check before anything is saved."
        >
          <ButtonLink variant="default" to={importsPath(workspace.slug)}>
            Choose a file
          </ButtonLink>
        </Door>
      ) : null}
      <Door
        icon={IconCode}
        title="Paste the tracker"
        about="One line of HTML on your site. From then on every visit, form and purchase is a touch on somebody’s line."
      >
        <ButtonLink
          variant="default"
          to="/w/$workspace/settings/tracking"
          params={{ workspace: workspace.slug }}
        >
          Show the line
        </ButtonLink>
      </Door>
    </div>
  )
}

interface DoorProps {
  icon: ComponentType<{ size?: number; stroke?: number }>
  title: string
  about: string
  children: ReactNode
}

function Door({ icon: Icon, title, about, children }: DoorProps) {
  return (
    <section className={classes.door} aria-label={title}>
      <div className={classes.icon} aria-hidden>
        <Icon size={20} stroke={1.6} />
      </div>
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.about}>{about}</p>
      <div className={classes.action}>{children}</div>
    </section>
  )
}

function DemoDoor({ slug }: { slug: string }) {
  const demo = useDemo()
  if (demo.isRunning) return <DemoSteps demo={demo} />
  if (demo.data?.seeded) {
    return (
      <ButtonLink to="/w/$workspace" params={{ workspace: slug }}>
        Look around in the demo
      </ButtonLink>
    )
  }
  return (
    <>
      <Button onClick={() => demo.seed.mutate({ body: {} })} loading={demo.seed.isPending}>
        Load the demo
      </Button>
      <DemoSteps demo={demo} />
    </>
  )
}
