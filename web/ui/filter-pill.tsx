// The pieces of a filter bar: a pill per filter that opens its editor, and the button that adds one.
import { CloseButton, Popover, UnstyledButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './filter-pill.module.css'

interface FilterPillProps {
  /** the fact, as `Country` */
  name: string
  /** the rest of the sentence, as `is DE` */
  sentence: string
  opened: boolean
  onToggle: (opened: boolean) => void
  onRemove: () => void
  /** the editor */
  children: ReactNode
}

export function FilterPill({ name, sentence, opened, onToggle, onRemove, children }: FilterPillProps) {
  return (
    <Popover
      opened={opened}
      onChange={onToggle}
      position="bottom-start"
      shadow="sm"
      radius="md"
      trapFocus
      withRoles={false}
    >
      <Popover.Target>
        <span className={classes.pill}>
          <UnstyledButton className={classes.open} onClick={() => onToggle(!opened)} aria-expanded={opened}>
            <span className={classes.name}>{name}</span> {sentence}
          </UnstyledButton>
          <CloseButton size="xs" aria-label={`Remove the filter ${name} ${sentence}`} onClick={onRemove} />
        </span>
      </Popover.Target>
      <Popover.Dropdown p={12}>{children}</Popover.Dropdown>
    </Popover>
  )
}

/** The button at the end of the bar; give it as a target to a menu of facts. */
export function AddFilter({
  label = 'Filter',
  className = '',
  ...props
}: {
  label?: string
  className?: string
  onClick?: () => void
  ref?: React.Ref<HTMLButtonElement>
}) {
  return (
    <UnstyledButton className={`${classes.add} ${className}`} {...props}>
      <IconPlus size={14} stroke={1.75} aria-hidden />
      {label}
    </UnstyledButton>
  )
}

export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <div className={classes.bar} role="group" aria-label="Filters">
      {children}
    </div>
  )
}
