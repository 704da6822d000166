// Removes an archived field with its values, after saying how many leads lose one.
import {
  countFields,
  listFieldJobs,
  listFields,
  previewFieldRemoval,
  removeField,
} from '../../../../src/leads/fields/contract.ts'
import type { Field } from '../../../../src/leads/fields/contract.ts'
import { useCall, useWrite } from '../../../queries.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { count } from '../../../ui/format.ts'
import { Answer, Loading } from '../../../ui/states.tsx'
import { UseList } from './uses.tsx'

export function RemoveDialog({ field, onClose }: { field: Field; onClose: () => void }) {
  const params = { key: field.key }
  const preview = useCall(previewFieldRemoval, { params }, { staleMs: 0 })
  const remove = useWrite(removeField, { stale: [listFieldJobs, listFields, countFields], onDone: onClose })
  const leads = preview.data?.leads
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Remove ${field.label} for good`}
      action={leads === undefined ? 'Remove' : `Remove (${count(leads, 'lead')})`}
      busy={remove.isPending || leads === undefined}
      typed={field.label}
      onConfirm={() => leads !== undefined && remove.mutate({ params, body: { expected: leads } })}
    >
      <Answer of={preview} loading={<Loading lines={2} />} compact>
        {(found) => (
          <>
            <p>
              {count(found.leads, 'lead loses its value', 'leads lose their values')}, and this cannot be
              undone. If a site or file names <code>{field.key}</code> again, it comes back as a new field.
            </p>
            {found.uses.length > 0 ? (
              <>
                <p>These name it. Filters that do refuse until somebody changes them:</p>
                <UseList uses={found.uses} />
              </>
            ) : null}
          </>
        )}
      </Answer>
    </ConfirmDialog>
  )
}
