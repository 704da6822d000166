// The place to drop a CSV file on, and the progress of its way to the server.
import { Button, Progress, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { DragEvent } from 'react'
import { listImports } from '../../../src/imports/contract.ts'
import { useWorkspace } from '../../workspace.ts'
import classes from './imports.module.css'
import { sendFile } from './upload.ts'

export function DropFile() {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const sending = useRef<AbortController>(undefined)
  const [isOver, setIsOver] = useState(false)
  const [upload, setUpload] = useState<{ name: string; share: number }>()
  const [problem, setProblem] = useState<string>()

  useEffect(() => () => sending.current?.abort(), [])

  const send = async (file: File) => {
    const controller = new AbortController()
    sending.current = controller
    setProblem(undefined)
    setUpload({ name: file.name, share: 0 })
    try {
      const { import: made } = await sendFile(file, {
        workspace: slug,
        signal: controller.signal,
        onProgress: (share) => setUpload({ name: file.name, share }),
      })
      void client.invalidateQueries({ queryKey: [listImports.id] })
      if (made) {
        await navigate({
          to: '/w/$workspace/imports/$importId',
          params: { workspace: slug, importId: made.id },
        })
      }
    } catch (error) {
      if (!(error instanceof DOMException)) setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setUpload(undefined)
    }
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const file = event.dataTransfer.files[0]
    if (file && !upload) void send(file)
  }

  return (
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <IconFileSpreadsheet size={24} stroke={1.5} aria-hidden />
      {upload ? (
        <div className={classes.sending} role="status">
          <Text fw={500}>{upload.share < 1 ? `Sending ${upload.name}` : `Looking at ${upload.name}`}</Text>
          <Progress value={upload.share * 100} aria-label="Sent" animated={upload.share === 1} mt={8} />
          <Button variant="subtle" size="compact-sm" mt={8} onClick={() => sending.current?.abort()}>
            Stop
          </Button>
        </div>
      ) : (
        <>
          <Text fw={500}>Drop a CSV file here</Text>
          <Text c="dimmed" ta="center" maw={440}>
            Contacts or orders, as your shop, CRM or newsletter tool exports them. You see what becomes of
            each column before anything is saved.
          </Text>
          <Button variant="default" onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            aria-label="CSV file"
            accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0]
              event.currentTarget.value = ''
              if (file) void send(file)
            }}
          />
        </>
      )}
      {problem ? (
        <Text c="var(--line-bad)" ta="center" maw={560} role="alert">
          {problem}
        </Text>
      ) : null}
    </div>
  )
}
