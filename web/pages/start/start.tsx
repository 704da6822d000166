// After the first run: the three doors.
import { Doors } from '../../ui/doors.tsx'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useWorkspace } from '../../workspace.ts'
import classes from './start.module.css'

export function StartPage() {
  const { slug, name } = useWorkspace()
  return (
    <div className={classes.page}>
      <PageHeader
        title={`${name} is ready`}
        about="Three ways to the first leads, each about a minute. You can take all of them."
      />
      <Doors />
      <p className={classes.later}>
        <TextLink to="/w/$workspace" params={{ workspace: slug }}>
          Go to the dashboard
        </TextLink>
      </p>
    </div>
  )
}
