// The log keeps secrets and addresses to itself.
import { expect, it } from 'vitest'
import { createLog, hideAddresses } from './log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  let line = ''
  write(createLog('info', { write: (text: string) => void (line = text) }))
  return JSON.parse(line) as Record<string, unknown>
}

it('hides secrets by their name, also one and two levels down', () => {
  const line = logged((log) =>
    log.info({ password: 'p', user: { email: 'a@b.de', token: 't' }, a: { b: { key: 'k' } } }, 'x'),
  )
  expect(line).toMatchObject({
    level: 'info',
    password: '[hidden]',
    user: { email: '[hidden]', token: '[hidden]' },
    a: { b: { key: '[hidden]' } },
  })
})

it('keeps of a database error only what quotes no row', () => {
  const error = Object.assign(new Error('duplicate key for anna@example.com'), {
    code: '23505',
    detail: 'Key (email)=(anna@example.com) already exists.',
  })
  const text = JSON.stringify(logged((log) => log.error({ err: error }, 'failed')))
  expect(text).not.toContain('anna@example.com')
  expect(text).toContain('23505')
})

it('leaves the query string of a request out, since links carry tokens there', () => {
  const line = logged((log) => log.info({ req: { method: 'GET', url: '/join?code=secret' } }, 'x'))
  expect(line.req).toEqual({ method: 'GET', path: '/join' })
})

it('replaces addresses in free text and leaves the rest alone', () => {
  expect(hideAddresses('mail to <anna.b+c@mail.example.com>, at 5 @ noon')).toBe(
    'mail to <[e-mail]>, at 5 @ noon',
  )
})
