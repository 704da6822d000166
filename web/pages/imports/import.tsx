// One import: how its file is read while it waits, its progress while it runs, its result once it has ended.
import { useParams } from '@tanstack/react-router'
import { getImport } from '../../../src/imports/contract.ts'
import type { Import } from '../../../src/imports/contract.ts'
import { importsPath } from '../../paths.ts'
import { useCall } from '../../queries.ts'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { Mapper } from './mapper.tsx'
import { Result } from './result.tsx'

export function ImportPage() {
  const { importId } = useParams({ from: '/w/$workspace/imports/$importId' })
  const { slug } = useWorkspace()
  const found = useCall(getImport, { params: { id: importId } }, { refetchMs: 1000 })
  return (
    <>
      <PageHeader
        title={found.data?.fileName ?? 'Import'}
        about={<TextLink to={importsPath(slug)}>All imports</TextLink>}
      />
      <Answer of={found}>{(one) => <Stage one={one} />}</Answer>
    </>
  )
}

function Stage({ one }: { one: Import }) {
  const mayImport = useMay('imports.write')
  const isWaiting = one.status === 'uploaded' || one.status === 'mapped'
  return isWaiting && mayImport ? <Mapper one={one} /> : <Result one={one} />
}
