// Turns a submitted form into an event and, where it names one person, an identify call.
import { readSubmission, type Field } from './fields.ts'
import type { Tracker } from './tracker.ts'

const ignored = '[data-throughline-ignore]'

/** Listens in the capture phase: forms sent by script stop the event before it gets up to the document. */
export function watchForms(tracker: Tracker): void {
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement
      if (form.closest(ignored)) return
      const controls = Array.from(form.querySelectorAll<HTMLElement & Field>('input,select,textarea'))
      const { fields, traits } = readSubmission(controls.filter((control) => !control.closest(ignored)))
      // Attributes, not properties: a field named "id" or "action" hides the form's own.
      const [id, name, action] = ['id', 'name', 'action'].map((attribute) => form.getAttribute(attribute))
      tracker.track('form_submitted', {
        form_id: id,
        form_name: name,
        form_action: new URL(action || '', document.baseURI).href.split(/[?#]/)[0],
        fields,
      })
      // Who is signed in stays who they are, whatever address they type for somebody else.
      if (traits && !tracker.user().userId) tracker.identify(undefined, traits)
    },
    true,
  )
}
