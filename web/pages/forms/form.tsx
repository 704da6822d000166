// One form: changing it, putting it on a website, and what it counted.
import { Badge, Button, Tabs } from '@mantine/core'
import { IconArchive, IconArchiveOff, IconCopy, IconExternalLink } from '@tabler/icons-react'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import {
  archiveForm,
  duplicateForm,
  formStatistics,
  getForm,
  listForms,
  restoreForm,
} from '../../../src/forms/contract.ts'
import type { Form } from '../../../src/forms/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { formTabs } from './address.ts'
import { FormEditor } from './editor.tsx'
import { FormNumbers } from './numbers.tsx'
import { ShareForm } from './share.tsx'

const tabNames = { edit: 'Edit', share: 'Put on your site', numbers: 'Numbers' }

export function FormPage() {
  const { slug } = useWorkspace()
  const { formId } = useParams({ from: '/w/$workspace/forms/$formId' })
  const { tab = 'edit' } = useSearch({ from: '/w/$workspace/forms/$formId' })
  const navigate = useNavigate()
  const found = useCall(getForm, { params: { id: formId } }, { staleMs: Infinity })
  return (
    <>
      <PageHeader
        title={found.data?.name ?? 'Form'}
        aside={found.data?.archivedAt ? <Badge color="gray">Archived</Badge> : null}
        about={
          <TextLink to="/w/$workspace/forms" params={{ workspace: slug }}>
            All forms
          </TextLink>
        }
        actions={found.data ? <Actions form={found.data} /> : undefined}
      />
      <Answer of={found}>
        {(form) => (
          <Tabs
            value={tab}
            onChange={(next) =>
              void navigate({
                to: '/w/$workspace/forms/$formId',
                params: { workspace: slug, formId },
                search: { tab: formTabs.find((one) => one === next) },
              })
            }
            keepMounted={false}
          >
            <Tabs.List mb={16}>
              {formTabs.map((one) => (
                <Tabs.Tab key={one} value={one}>
                  {tabNames[one]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="edit">
              <FormEditor key={`${form.id} ${form.version}`} form={form} hasMail={form.hasMail} />
            </Tabs.Panel>
            <Tabs.Panel value="share">
              <ShareForm form={form} />
            </Tabs.Panel>
            <Tabs.Panel value="numbers">
              <FormNumbers form={form} />
            </Tabs.Panel>
          </Tabs>
        )}
      </Answer>
    </>
  )
}

function Actions({ form }: { form: Form }) {
  const { slug } = useWorkspace()
  const mayWrite = useMay('leads.write')
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const stale = [listForms, getForm, formStatistics]
  const duplicate = useWrite(duplicateForm, {
    stale: [listForms],
    onDone: ({ id }) =>
      void navigate({ to: '/w/$workspace/forms/$formId', params: { workspace: slug, formId: id } }),
  })
  const archive = useWrite(archiveForm, { stale, onDone: () => setAsking(false) })
  const restore = useWrite(restoreForm, {
    stale,
    onDone: () => showDone('The form takes answers again.'),
  })
  return (
    <>
      {form.archivedAt ? null : (
        <Button
          component="a"
          href={form.url}
          target="_blank"
          rel="noopener"
          variant="default"
          leftSection={<IconExternalLink size={16} />}
        >
          Open
        </Button>
      )}
      {mayWrite ? (
        <>
          <Button
            variant="default"
            leftSection={<IconCopy size={16} />}
            loading={duplicate.isPending}
            onClick={() => duplicate.mutate({ params: { id: form.id } })}
          >
            Duplicate
          </Button>
          {form.archivedAt ? (
            <Button
              variant="default"
              leftSection={<IconArchiveOff size={16} />}
              loading={restore.isPending}
              onClick={() => restore.mutate({ params: { id: form.id } })}
            >
              Restore
            </Button>
          ) : (
            <Button variant="default" leftSection={<IconArchive size={16} />} onClick={() => setAsking(true)}>
              Archive
            </Button>
          )}
        </>
      ) : null}
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Archive ${form.name}?`}
        action="Archive"
        busy={archive.isPending}
        onConfirm={() => archive.mutate({ params: { id: form.id } })}
      >
        Wherever it stands, it stops taking answers at once. Its leads and numbers stay, and you can restore
        it.
      </ConfirmDialog>
    </>
  )
}
