// Around every page: who is signed out is led to the sign-in page, and from there back.
import { Outlet, useNavigate } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Problem } from '../call.ts'

export function RootFrame() {
  const client = useQueryClient()
  const navigate = useNavigate()
  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'error') return
        const { error } = event.action
        if (!(error instanceof Problem) || error.status !== 401) return
        const { pathname, search } = window.location
        if (!pathname.startsWith('/w/')) return
        void navigate({ to: '/sign-in', search: { next: pathname + search }, replace: true })
      }),
    [client, navigate],
  )
  return <Outlet />
}
