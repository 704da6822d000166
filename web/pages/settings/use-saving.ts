// Saves a part of the workspace's settings, and puts what is refused next to its field.
import type { z } from 'zod'
import type { UseFormReturnType } from '@mantine/form'
import { getMe, getWorkspace, updateWorkspace } from '../../../src/accounts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { fieldErrors } from '../../ui/problems.ts'
import { useWorkspace } from '../../workspace.ts'

export type WorkspaceChange = z.input<NonNullable<typeof updateWorkspace.body>>

export function useSaving<Values extends Record<string, unknown>>(form: UseFormReturnType<Values>) {
  const { slug } = useWorkspace()
  const update = useWrite(updateWorkspace, { stale: [getWorkspace, getMe], quiet: true })
  const save = (body: WorkspaceChange) =>
    update.mutate(
      { params: { id: slug }, body },
      {
        onSuccess: () => {
          form.resetDirty()
          showDone('Saved.')
        },
        onError: (problem) => {
          const names = Object.keys(form.getValues())
          const errors = fieldErrors(problem, names)
          form.setErrors(Object.keys(errors).length > 0 ? errors : { [names[0] ?? '']: problem.message })
        },
      },
    )
  return { save, isSaving: update.isPending }
}
