// What a new form asks before anybody changed it. Pure.
import { formDefinitionSchema } from './nouns.ts'
import type { FormDefinition } from './nouns.ts'

/** Name, e-mail and a consent to e-mail, with the campaign of the page in hidden fields. */
export function newDefinition(): FormDefinition {
  return formDefinitionSchema.parse({
    title: 'Stay in touch',
    fields: [
      { key: 'first_name', kind: 'text', label: 'First name', fills: 'firstName' },
      { key: 'email', kind: 'email', label: 'E-mail', fills: 'email', isRequired: true },
      {
        key: 'newsletter',
        kind: 'consent',
        label: 'Yes, send me news and offers by e-mail. I can unsubscribe at any time.',
        purpose: 'email_marketing',
      },
      ...['utm_source', 'utm_medium', 'utm_campaign'].map((parameter) => ({
        key: parameter,
        kind: 'hidden',
        parameter,
      })),
    ],
    button: 'Sign up',
  })
}
