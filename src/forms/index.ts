// The verbs of website forms.
import type { Db } from '../platform/postgres.ts'
import { deleteConfirmationsOf } from './store/confirmations.ts'

export { confirmAddress, openLink } from './confirming.ts'
export type { OpenedLink } from './confirming.ts'
export { createForm, duplicateForm, getForm, listForms, setArchived, updateForm } from './editing.ts'
export { formCron, formTasks } from './jobs.ts'
export { formStatistics } from './statistics.ts'
export { countView, showForm, submitForm } from './submitting.ts'
export type { Sender, Taken } from './submitting.ts'

/** Forgets what forms keep of people who were erased. @param names addresses and ids that were theirs */
export async function forgetFormsOf(tx: Db, workspaceId: string, names: string[]): Promise<void> {
  if (names.length > 0) await deleteConfirmationsOf(tx, workspaceId, names)
}
