// How a form gets onto a website: its own page, or lines to copy into any other.
import { Text } from '@mantine/core'
import type { Form } from '../../../src/forms/contract.ts'
import { CopyField } from '../../ui/copy-field.tsx'
import { Section } from '../../ui/section.tsx'
import classes from './forms.module.css'
import { embedCode } from './words.ts'

export function ShareForm({ form }: { form: Form }) {
  if (form.archivedAt)
    return <Text c="dimmed">The form is archived and takes nothing. Restore it to put it on your site.</Text>
  return (
    <div className={classes.column}>
      <Section
        title="In a page of yours"
        about="Copy these lines to where the form shall stand. With the tracker on the same page, what the visitor did before belongs to the lead."
      >
        <div className={classes.column}>
          <CopyField block label="embed code" value={embedCode(form.url)} />
          <Text fz="xs" c="dimmed">
            To put it into an element of your choice, add <code>data-target="#your-element"</code> to the
            script. Under a content security policy allow {new URL(form.url).origin} in script-src and
            connect-src.
          </Text>
        </div>
      </Section>
      <Section
        title="On a page of its own"
        about="For mails, posts and QR codes. It works without JavaScript, too, and takes the campaign from its address."
      >
        <div className={classes.column}>
          <CopyField label="link" value={form.url} />
          <Text fz="xs" c="dimmed">
            Add a campaign to know where people came from, such as{' '}
            <code>?utm_source=newsletter&utm_medium=email</code>.
          </Text>
        </div>
      </Section>
    </div>
  )
}
