// The words of imports: targets, encodings, delimiters, states.
import type { Import, ImportTarget, Mapping } from '../../../src/imports/contract.ts'
import { words } from '../../ui/format.ts'

type Group = 'Person' | 'Consent' | 'Order' | 'Line of an order' | 'Otherwise'

const targetWords: Record<ImportTarget, [Group, string]> = {
  email: ['Person', 'E-mail'],
  phone: ['Person', 'Phone'],
  first_name: ['Person', 'First name'],
  last_name: ['Person', 'Last name'],
  full_name: ['Person', 'Full name'],
  company: ['Person', 'Company'],
  job_title: ['Person', 'Job title'],
  city: ['Person', 'City'],
  country: ['Person', 'Country'],
  language: ['Person', 'Language'],
  time_zone: ['Person', 'Time zone'],
  tags: ['Person', 'Tags'],
  created_at: ['Person', 'Created on'],
  user_id: ['Person', 'Your user id'],
  vendor_customer_id: ['Person', "The tool's customer id"],
  email_consent: ['Consent', 'E-mail: agreed (yes / no)'],
  email_consent_at: ['Consent', 'E-mail: agreed on'],
  email_consent_proof: ['Consent', 'E-mail: proof of it'],
  email_unsubscribed: ['Consent', 'E-mail: unsubscribed (yes / no)'],
  email_unsubscribed_at: ['Consent', 'E-mail: unsubscribed on'],
  sms_consent: ['Consent', 'SMS: agreed (yes / no)'],
  sms_consent_at: ['Consent', 'SMS: agreed on'],
  sms_unsubscribed: ['Consent', 'SMS: unsubscribed (yes / no)'],
  order_number: ['Order', 'Order number'],
  order_id: ['Order', 'Order id'],
  order_status: ['Order', 'State of payment'],
  order_currency: ['Order', 'Currency'],
  order_total: ['Order', 'Total'],
  order_subtotal: ['Order', 'Subtotal'],
  order_shipping: ['Order', 'Shipping'],
  order_tax: ['Order', 'Taxes'],
  order_refunded: ['Order', 'Refunded'],
  order_placed_at: ['Order', 'Ordered on'],
  order_cancelled_at: ['Order', 'Cancelled on'],
  order_payment_method: ['Order', 'Payment method'],
  line_title: ['Line of an order', 'Product'],
  line_sku: ['Line of an order', 'SKU'],
  line_quantity: ['Line of an order', 'Quantity'],
  line_price: ['Line of an order', 'Price'],
  line_discount: ['Line of an order', 'Discount'],
  custom: ['Otherwise', 'Custom field'],
  ignore: ['Otherwise', 'Leave out'],
}

/** Targets by group, for a select; those of orders only where the file holds orders. */
export function targetChoices(kind: Mapping['kind']) {
  const groups: Group[] =
    kind === 'orders'
      ? ['Order', 'Line of an order', 'Person', 'Consent', 'Otherwise']
      : ['Person', 'Consent', 'Otherwise']
  return groups.map((group) => ({
    group,
    items: Object.entries(targetWords)
      .filter(([, [of]]) => of === group)
      .map(([value, [, label]]) => ({ value, label })),
  }))
}

export const encodingChoices = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-16le', label: 'UTF-16 (little endian)' },
  { value: 'utf-16be', label: 'UTF-16 (big endian)' },
  { value: 'windows-1252', label: 'Western (Windows-1252)' },
  { value: 'shift_jis', label: 'Japanese (Shift_JIS)' },
]

export const delimiterChoices = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Pipe |' },
]

export const typeChoices = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'date', label: 'Date' },
  { value: 'boolean', label: 'Yes / no' },
]

export const dateOrderChoices = [
  { value: 'DMY', label: 'Day first' },
  { value: 'MDY', label: 'Month first' },
  { value: 'YMD', label: 'Year first' },
]

export const decimalChoices = [
  { value: '.', label: '1,234.56' },
  { value: ',', label: '1.234,56' },
]

/** Country codes with their names, as this browser knows them. */
export function countryChoices(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !/^(EU|EZ|UN|QO|X[ABK]|ZZ|UK)$/.test(code))
    .flatMap((code) => {
      const name = names.of(code)
      return name ? [{ value: code, label: name }] : []
    })
    .sort((a, b) => a.label.localeCompare(b.label))
}

/** What the headers were recognised as. */
export function exportName(mapping: Mapping): string {
  return mapping.preset === 'generic'
    ? 'No known export; read by its headers'
    : `Recognised: ${words(mapping.preset)}`
}

export const stateWords: Record<Import['status'], { label: string; colour: string }> = {
  uploading: { label: 'Uploading', colour: 'gray' },
  uploaded: { label: 'Waits for you', colour: 'yellow' },
  mapped: { label: 'Waits for you', colour: 'yellow' },
  running: { label: 'Running', colour: 'accent' },
  done: { label: 'Done', colour: 'green' },
  failed: { label: 'Failed', colour: 'red' },
  cancelled: { label: 'Cancelled', colour: 'gray' },
}

/** What counts where a lead is known already. */
export const conflictChoices = [
  { value: 'update', label: 'Update its fields' },
  { value: 'fill', label: 'Fill empty fields' },
  { value: 'overwrite', label: 'Overwrite its fields' },
  { value: 'skip', label: 'Leave it alone' },
]

/** Why something stays when an import is taken back. */
export const keptWords: Record<string, string> = {
  changed_since: 'were changed since the import',
  active_since: 'did something since, or have an order, a note or a merge',
  merged_since: 'are part of another lead since',
  merge_touched_since:
    'merges stay, since the lead was changed or did something since; its page can part them',
  binned_since: 'are in the bin already, or gone for good',
  order_changed_since: 'orders were told of again since',
}
