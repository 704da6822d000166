// Text that is meant to be copied: a key, a link, a snippet.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import classes from './copy-field.module.css'

interface CopyFieldProps {
  value: string
  /** what it is, for screen readers */
  label: string
  /** several lines, as code */
  block?: boolean
}

export function CopyField({ value, label, block }: CopyFieldProps) {
  return (
    <div className={classes.root} data-block={block || undefined}>
      <pre className={classes.text} tabIndex={0} aria-label={label}>
        {value}
      </pre>
      <div className={classes.copy}>
        <CopyIcon value={value} label={label} />
      </div>
    </div>
  )
}

/** The button alone, for a value that stands beside it. */
export function CopyIcon({ value, label }: { value: string; label: string }) {
  return (
    <CopyButton value={value} timeout={1600}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy'} openDelay={0}>
          <ActionIcon
            aria-label={copied ? `${label}: copied` : `Copy ${label}`}
            onClick={copy}
            color={copied ? 'accent' : 'gray'}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} stroke={1.5} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}
