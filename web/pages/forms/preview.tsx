// A form as visitors will see it, drawn by the renderer of the hosted page in a frame of its own.
import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { formCss, renderForm, renderThanks } from '../../../src/forms/contract.ts'
import type { FormDefinition } from '../../../src/forms/contract.ts'
import classes from './forms.module.css'

export function Preview({ definition }: { definition: FormDefinition }) {
  const [state, setState] = useState<'form' | 'thanks'>('form')
  const [width, setWidth] = useState<'wide' | 'phone'>('wide')
  const inner =
    state === 'form'
      ? renderForm(definition, { action: '', ticket: '' })
      : renderThanks(definition, definition.isDoubleOptIn)
  // The frame runs nothing and sends nothing: it is sandboxed whole.
  const page = `<!doctype html><html lang="${definition.language}"><head><meta charset="utf-8"><title>Preview</title><style>body{margin:0;padding:16px;background:#eef0f3}.tlf{margin:0 auto}${formCss(definition.style)}</style></head><body><main>${inner}</main></body></html>`
  return (
    <div className={classes.preview}>
      <div className={classes.previewBar}>
        <SegmentedControl
          size="xs"
          aria-label="What is previewed"
          value={state}
          onChange={(value) => setState(value === 'thanks' ? 'thanks' : 'form')}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'thanks', label: 'Afterwards' },
          ]}
        />
        <SegmentedControl
          size="xs"
          aria-label="Width of the preview"
          value={width}
          onChange={(value) => setWidth(value === 'phone' ? 'phone' : 'wide')}
          data={[
            { value: 'wide', label: 'Wide' },
            { value: 'phone', label: 'Phone' },
          ]}
        />
      </div>
      <iframe
        title="Preview of the form"
        className={classes.frame}
        data-width={width}
        sandbox=""
        srcDoc={page}
      />
      {state === 'thanks' && definition.redirectUrl && !definition.isDoubleOptIn ? (
        <Text fz="xs" c="dimmed">
          Visitors go on to {definition.redirectUrl} instead.
        </Text>
      ) : null}
    </div>
  )
}
