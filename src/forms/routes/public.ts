// What everybody may open of a form: the hosted page, its post with and without JavaScript, the embed script, and the link of a mail.
import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isbot } from 'isbot'
import { placeOf } from '../../events/index.ts'
import type { FindCountry } from '../../events/index.ts'
import type { Door } from '../../ingest/index.ts'
import { idSchema } from '../../lib/ids.ts'
import { Refusal } from '../../lib/refusal.ts'
import { readBytes } from '../../platform/body.ts'
import { packageRoot } from '../../platform/paths.ts'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { Posted } from '../answers.ts'
import { confirmAddress, countView, openLink, showForm, submitForm } from '../index.ts'
import type { OpenedLink, Sender, Taken } from '../index.ts'
import type { FormDefinition } from '../nouns.ts'
import { confirmPage, formPage, sentencePage, thanksPage } from '../page.ts'
import { controlNames, formCss, renderForm, renderThanks } from '../render.ts'
import { formWords } from '../words.ts'

const BODY_LIMIT_BYTES = 256 * 1024
const open = { schema: { hide: true } } as const

type Named = { Params: { id: string }; Querystring: Record<string, unknown> }

/** The address that links lead to, as people reach the product. */
export function originOf({ settings }: Pick<Services, 'settings'>) {
  return (request: FastifyRequest): string => settings.publicUrl ?? `${request.protocol}://${request.host}`
}

export async function publicRoutes(
  api: Api,
  services: Services,
  { door, findCountry }: { door: Door; findCountry: FindCountry | null },
): Promise<void> {
  const origin = originOf(services)
  const senderOf = (request: FastifyRequest): Sender => readSender(request, origin(request), findCountry)
  await api.raw.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      async (_request: FastifyRequest, payload: IncomingMessage) =>
        readPosted((await readBytes(payload, BODY_LIMIT_BYTES, api.bodySeconds)).toString('utf8')),
    )

    scope.get<Named>('/f/:id', open, async (request, reply) => {
      const shown = await showForm(services, idOf(request))
      if (!shown) throw noForm()
      const { definition, ticket } = shown
      if (!shown.isOpen)
        return sendPage(
          reply,
          definition,
          sentencePage(definition, formWords[definition.language].closed),
          410,
        )
      if (request.method === 'GET') await countSeen(services, request)
      const page = formPage(
        definition,
        {
          action: `/f/${request.params.id}`,
          ticket,
          answers: fromAddress(definition, request.query),
          controls: {
            [controlNames.pageUrl]: `${origin(request)}${request.url}`.slice(0, 2000),
            [controlNames.pageTitle]: definition.title,
            [controlNames.referrer]: String(request.headers.referer ?? '').slice(0, 2000),
          },
        },
        `/f/${request.params.id}/embed.js`,
      )
      return sendPage(reply, definition, page)
    })

    scope.post<Named>('/f/:id', open, async (request, reply) => {
      const posted = (request.body ?? {}) as Posted
      const id = idOf(request)
      const taken = await submitForm(services, door, { id, posted, sender: senderOf(request) })
      if (taken.kind === 'missing') throw noForm()
      const wantsJson = String(request.headers.accept ?? '').includes('application/json')
      if (wantsJson) reply.header('access-control-allow-origin', '*')
      const ticket = taken.kind === 'refused' ? ((await showForm(services, id))?.ticket ?? '') : ''
      return wantsJson
        ? reply.status(statusOf(taken)).send(replyOf(taken, `${origin(request)}/f/${id}`, ticket))
        : answerPage(reply, taken, { id, ticket, posted })
    })

    scope.get<Named>('/f/:id/embed', open, async (request, reply) => {
      reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store')
      const shown = await showForm(services, idOf(request))
      if (!shown?.isOpen) throw noForm()
      await countSeen(services, request)
      const { definition, ticket } = shown
      const action = `${origin(request)}/f/${request.params.id}`
      return { html: renderForm(definition, { action, ticket }), css: formCss(definition.style) }
    })

    scope.get<Named>('/f/:id/confirm', open, async (request, reply) => {
      const code = String(request.query.c ?? '')
      const id = idOf(request)
      return answerLink(
        reply,
        await openLink(services, id, code),
        `/f/${id}/confirm?c=${encodeURIComponent(code)}`,
      )
    })

    scope.post<Named>('/f/:id/confirm', open, async (request, reply) => {
      const code = String(request.query.c ?? '')
      const formId = idOf(request)
      return answerLink(
        reply,
        await confirmAddress(services, door, { formId, code, address: request.ip }),
        '',
      )
    })
    done()
  })
  serveScript(api)
}

// Hung on the server itself, which knows how to send files of dist/.
function serveScript(api: Api): void {
  const dist = join(packageRoot, 'dist')
  if (!existsSync(join(dist, 'form.js'))) return
  api.raw.get(
    '/f/:id/embed.js',
    { schema: { hide: true }, config: { rateLimit: false } },
    (_request, reply) =>
      reply.header('access-control-allow-origin', '*').sendFile('form.js', dist, { maxAge: '10m' }),
  )
}

function readSender(request: FastifyRequest, origin: string, findCountry: FindCountry | null): Sender {
  const place = placeOf({ address: request.ip, findCountry })
  const referer = String(request.headers.referer ?? '').slice(0, 2000)
  return {
    address: request.ip,
    userAgent: String(request.headers['user-agent'] ?? '').slice(0, 500),
    locale:
      String(request.headers['accept-language'] ?? '')
        .split(/[,;]/)[0]
        ?.slice(0, 35) ?? '',
    pageUrl: URL.canParse(referer) ? referer : `${origin}${request.url}`,
    ...(place.country && place.countrySource === 'geoip'
      ? { country: { country: place.country, countrySource: place.countrySource } }
      : {}),
  }
}

// Names repeat where several boxes are ticked. What no store holds is left out.
function readPosted(body: string): Posted {
  const posted: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(body)) {
    if (Object.keys(posted).length >= 200 && !(name in posted)) continue
    const values = Object.hasOwn(posted, name) ? posted[name]! : []
    posted[name] = [...values, value.replaceAll('\0', '')].slice(0, 200)
  }
  return posted
}

function fromAddress(definition: FormDefinition, query: Record<string, unknown>): Record<string, string[]> {
  return Object.fromEntries(
    definition.fields.flatMap(({ key, kind, parameter }) => {
      const value = parameter === null ? undefined : query[parameter]
      return kind === 'hidden' && typeof value === 'string' && value !== ''
        ? [[key, [value.slice(0, 500)]] as const]
        : []
    }),
  )
}

function idOf(request: FastifyRequest<Named>): string {
  const read = idSchema.safeParse(request.params.id)
  if (!read.success) throw noForm()
  return read.data
}

async function countSeen(services: Services, request: FastifyRequest<Named>): Promise<void> {
  if (!isbot(request.headers['user-agent'] ?? '')) await countView(services, request.params.id)
}

function noForm(): Refusal {
  return new Refusal(
    'form_missing',
    404,
    'There is no form at this address. Check the link, or ask who gave it to you.',
  )
}

function statusOf(taken: Exclude<Taken, { kind: 'missing' }>): number {
  if (taken.kind === 'taken') return 200
  if (taken.kind === 'closed') return 410
  return taken.reason === 'address_busy' ? 429 : 422
}

function replyOf(
  taken: Exclude<Taken, { kind: 'missing' }>,
  action: string,
  ticket: string,
): Record<string, unknown> {
  const { definition } = taken
  if (taken.kind === 'taken')
    return {
      ok: true,
      html: renderThanks(definition, taken.needsConfirmation),
      redirectUrl: taken.needsConfirmation ? null : definition.redirectUrl,
    }
  if (taken.kind === 'closed') return { ok: false, sentence: formWords[definition.language].closed }
  const { reason, sentence, problems, answers } = taken
  const html = renderForm(definition, { action, ticket, answers, problems, notice: sentence })
  return { ok: false, reason, sentence, problems, html }
}

function answerPage(
  reply: FastifyReply,
  taken: Exclude<Taken, { kind: 'missing' }>,
  { id, ticket, posted }: { id: string; ticket: string; posted: Posted },
): FastifyReply {
  const { definition } = taken
  if (taken.kind === 'closed')
    return sendPage(reply, definition, sentencePage(definition, formWords[definition.language].closed), 410)
  if (taken.kind === 'taken') {
    const { redirectUrl } = definition
    if (redirectUrl !== null && !taken.needsConfirmation) return reply.redirect(redirectUrl, 303)
    return sendPage(reply, definition, thanksPage(definition, taken.needsConfirmation))
  }
  const kept = [controlNames.pageUrl, controlNames.pageTitle, controlNames.referrer]
  const page = formPage(
    definition,
    {
      action: `/f/${id}`,
      ticket,
      answers: taken.answers,
      problems: taken.problems,
      notice: taken.sentence,
      controls: Object.fromEntries(kept.map((name) => [name, (posted[name]?.[0] ?? '').slice(0, 2000)])),
    },
    `/f/${id}/embed.js`,
  )
  return sendPage(reply, definition, page, statusOf(taken))
}

function answerLink(reply: FastifyReply, opened: OpenedLink, action: string): FastifyReply {
  if (opened.kind === 'missing') throw noForm()
  const { definition } = opened
  const words = formWords[definition.language]
  if (opened.kind === 'over')
    return sendPage(reply, definition, sentencePage(definition, words.linkOver), 410)
  if (opened.kind === 'confirmed')
    return sendPage(reply, definition, sentencePage(definition, words.confirmed))
  return sendPage(reply, definition, confirmPage(definition, action, opened.wordings))
}

// A form may lead to a page elsewhere after it was sent; the policy for forms covers such a redirect as well
// (https://www.w3.org/TR/CSP3/#directive-form-action).
function sendPage(reply: FastifyReply, definition: FormDefinition, page: string, status = 200): FastifyReply {
  const target = definition.redirectUrl === null ? '' : ` ${new URL(definition.redirectUrl).origin}`
  return reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'${target}; frame-ancestors 'self'`,
    )
    .send(page)
}
