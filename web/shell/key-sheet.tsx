// The list of keys, opened with ?.
import { Modal } from '@mantine/core'
import type { MenuEntry } from './menu.ts'
import classes from './key-sheet.module.css'

export function KeySheet({ entries, onClose }: { entries: readonly MenuEntry[]; onClose: () => void }) {
  const groups: [string, [string, string][]][] = [
    [
      'Anywhere',
      [
        ['Ctrl K', 'Search and commands (⌘ K on a Mac)'],
        ['/', 'The same'],
        ['?', 'This list'],
      ],
    ],
    ['Go to', entries.map((entry): [string, string] => [`g ${entry.key}`, entry.label])],
    [
      'In a list',
      [
        ['j', 'Next row'],
        ['k', 'Row before'],
        ['Enter', 'Open the row'],
        ['x', 'Select the row'],
      ],
    ],
  ]
  return (
    <Modal opened onClose={onClose} title="Keyboard" size={480}>
      {groups.map(([title, keys]) => (
        <section key={title} className={classes.group}>
          <h3 className={classes.title}>{title}</h3>
          <dl className={classes.list}>
            {keys.map(([key, does]) => (
              <div key={key} className={classes.line}>
                <dt>{does}</dt>
                <dd>
                  {key.split(' ').map((part) => (
                    <kbd key={part} className={classes.key}>
                      {part}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  )
}
