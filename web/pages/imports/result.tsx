// A started import: live progress, then what became of its rows, with the way to the leads and to the error file.
import { Alert, Button, Progress, Text } from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { cancelImport, getImport, getImportErrors, listImports } from '../../../src/imports/contract.ts'
import type { Import } from '../../../src/imports/contract.ts'
import { address } from '../../call.ts'
import { leadsPath } from '../../paths.ts'
import { showProblem, useWrite } from '../../queries.ts'
import { count } from '../../ui/format.ts'
import { ButtonLink } from '../../ui/links.tsx'
import { Section } from '../../ui/section.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { Counts } from './counts.tsx'
import classes from './imports.module.css'
import { UndoButton, UndoSection } from './undo.tsx'
import { stateWords } from './words.ts'

export function Result({ one }: { one: Import }) {
  const { slug } = useWorkspace()
  const mayImport = useMay('imports.write')
  const cancel = useWrite(cancelImport, { stale: [getImport, listImports] })
  const { counts } = one
  return (
    <>
      {one.status === 'running' ? (
        <Section title="Running" about={<Rate one={one} />}>
          <Progress value={one.progress * 100} aria-label="Imported" size="lg" />
        </Section>
      ) : null}
      {one.error ? (
        <Alert color="red" icon={<IconAlertTriangle size={16} />} mb={24}>
          {one.error}
        </Alert>
      ) : null}
      <Section
        title={stateWords[one.status].label === 'Running' ? 'So far' : stateWords[one.status].label}
        flush
      >
        <Counts kind={one.kind} counts={counts} />
        {one.finishedAt ? (
          <Text c="dimmed" mt={8} fz="xs">
            Ended <Time at={one.finishedAt} as="full" />, uploaded by {one.createdByName}
          </Text>
        ) : null}
      </Section>
      {one.undo ? <UndoSection one={one} undo={one.undo} /> : null}
      <div className={classes.actions}>
        {one.status === 'running' || counts.rows === 0 ? null : (
          <ButtonLink to={leadsPath(slug)}>See the leads</ButtonLink>
        )}
        {counts.rejected > 0 ? <ErrorFile one={one} only="rejected" label="Rejected rows (CSV)" /> : null}
        {counts.warnings > 0 ? <ErrorFile one={one} label="Rows with problems (CSV)" /> : null}
        {one.canUndo && mayImport ? <UndoButton one={one} /> : null}
        {one.status === 'running' && mayImport ? (
          <Button
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ params: { id: one.id } })}
          >
            Stop here
          </Button>
        ) : null}
      </div>
      {one.status === 'running' ? (
        <Text c="dimmed" mt={8} fz="xs">
          It goes on when you leave this page. Stopping keeps what came in.
        </Text>
      ) : null}
    </>
  )
}

function Rate({ one }: { one: Import }) {
  return (
    <>
      {count(one.counts.rows, 'row')} so far, {Math.floor(one.progress * 100)}% of the file
    </>
  )
}

// A plain link could not name the workspace, which stands in a header.
function ErrorFile({ one, only, label }: { one: Import; only?: 'rejected'; label: string }) {
  const { slug } = useWorkspace()
  const [isBusy, setIsBusy] = useState(false)
  const download = async () => {
    setIsBusy(true)
    try {
      const path = address(getImportErrors.path, { id: one.id })
      const reply = await fetch(only ? `${path}?only=${only}` : path, {
        headers: { 'x-workspace': slug },
      })
      if (!reply.ok) throw new Error(`The server answered with ${reply.status}. Try again.`)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await reply.blob())
      link.download = `${one.fileName.replace(/\.\w+$/, '')}-${only ?? 'problems'}.csv`
      link.click()
      URL.revokeObjectURL(link.href)
    } catch (error) {
      showProblem(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} />}
      loading={isBusy}
      onClick={() => void download()}
    >
      {label}
    </Button>
  )
}
