// A value as indented JSON, with its keys told from its values, and a button that copies it.
import { CopyIcon } from './copy-field.tsx'
import classes from './json-view.module.css'

export function JsonView({
  value,
  label = 'JSON',
  maxHeight = 420,
}: {
  value: unknown
  label?: string
  maxHeight?: number | string
}) {
  const text = JSON.stringify(value, null, 2) ?? 'null'
  return (
    <div className={classes.root}>
      <div className={classes.copy}>
        <CopyIcon value={text} label={label} />
      </div>
      <pre className={classes.text} style={{ maxHeight }} tabIndex={0} aria-label={label}>
        {text.split('\n').map((line, index) => (
          <Line key={index} text={line} />
        ))}
      </pre>
    </div>
  )
}

function Line({ text }: { text: string }) {
  const key = /^(\s*)("(?:[^"\\]|\\.)*")(: )(.*)$/.exec(text)
  const [, rest = '', comma = ''] = /^(.*?)(,?)$/.exec(key ? (key[4] ?? '') : text) ?? []
  const kind = /^\s*"/.test(rest) ? 'text' : /^\s*(-?\d|true|false|null)/.test(rest) ? 'plain' : undefined
  return (
    <>
      {key ? (
        <>
          {key[1]}
          <span className={classes.key}>{key[2]}</span>
          {key[3]}
        </>
      ) : null}
      <span data-kind={kind} className={classes.value}>
        {rest}
      </span>
      {comma}
      {'\n'}
    </>
  )
}
