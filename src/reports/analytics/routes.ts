// Serves the seven tabs, each answer as JSON or as CSV, and the leads behind their numbers.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { readAttribution } from './attribution.ts'
import { readCohort } from './cohort.ts'
import * as contract from './contract.ts'
import type { AnalyticsQuery, Report } from './contract.ts'
import { creditRowsCsv, readCreditRows } from './credit-rows.ts'
import { csv, reportCsv } from './csv.ts'
import { readEngagement } from './engagement.ts'
import { readFunnel } from './funnel.ts'
import { readJourneyHealth } from './journey-health.ts'
import { readLeadQuality } from './lead-quality.ts'
import { readLeadsBehind } from './leads.ts'
import { readOverview } from './overview.ts'
import { readSummary } from './summary.ts'

export function analyticsRoutes(api: Api, services: Services): void {
  api.on(contract.getOverview, async ({ query, caller, request, reply }) =>
    asAsked(request, reply, query, await readOverview(services, caller.workspaceId, query), 'overview'),
  )
  api.on(contract.getFunnel, async ({ query, caller, request, reply }) =>
    asAsked(request, reply, query, await readFunnel(services, caller.workspaceId, query), 'funnel'),
  )
  api.on(contract.getLeadQuality, async ({ query, caller, request, reply }) =>
    asAsked(
      request,
      reply,
      query,
      await readLeadQuality(services, caller.workspaceId, query),
      'lead-quality',
    ),
  )
  api.on(contract.getEngagement, async ({ query, caller, request, reply }) =>
    asAsked(request, reply, query, await readEngagement(services, caller.workspaceId, query), 'engagement'),
  )
  api.on(contract.getSummary, async ({ query, caller, request, reply }) =>
    asAsked(request, reply, query, await readSummary(services, caller.workspaceId, query), 'summary'),
  )
  api.on(contract.getAttribution, async ({ query, caller, request, reply }) =>
    asAsked(request, reply, query, await readAttribution(services, caller.workspaceId, query), 'attribution'),
  )
  api.on(contract.getJourneyHealth, async ({ query, caller, request, reply }) =>
    asAsked(
      request,
      reply,
      query,
      await readJourneyHealth(services, caller.workspaceId, query),
      'journey-health',
    ),
  )
  api.on(contract.getCohort, async ({ query, caller, request, reply }) =>
    asAsked(request, reply, query, await readCohort(services, caller.workspaceId, query), 'cohort'),
  )
  api.on(contract.listCreditRows, ({ query, caller }) => readCreditRows(services, caller.workspaceId, query))
  api.on(contract.exportCreditRows, async ({ query, caller, reply }) => {
    const lines = await creditRowsCsv(services, caller.workspaceId, query)
    await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="credit.csv"')
      .serializer((body: unknown) => body as string)
      .send(Readable.from(lines, { objectMode: true, highWaterMark: 1 }))
    return undefined
  })
  api.on(contract.listLeadsBehind, async ({ query, caller, request, reply }) => {
    const page = await readLeadsBehind(services, caller.workspaceId, query)
    if (!wantsCsv(request, query.format)) return page
    const lines = page.items.map((lead) => [
      lead.id,
      lead.label,
      lead.email ?? '',
      lead.company ?? '',
      lead.createdAt,
    ])
    return sendCsv(reply, csv([['Id', 'Name', 'E-mail', 'Company', 'Created'], ...lines]), 'leads', page)
  })
}

async function asAsked(
  request: FastifyRequest,
  reply: FastifyReply,
  query: Pick<AnalyticsQuery, 'format' | 'table'>,
  report: Report,
  name: string,
): Promise<Report> {
  if (!wantsCsv(request, query.format)) return report
  const table = query.table ?? report.tables[0]?.id ?? 'cards'
  const { fromOn, toOn } = report.range
  return sendCsv(reply, reportCsv(report, query.table), `${name}-${table}-${fromOn}-${toOn}`, report)
}

function wantsCsv(request: FastifyRequest, format: 'json' | 'csv' | undefined): boolean {
  return format === undefined ? /^text\/csv\b/.test(request.headers.accept ?? '') : format === 'csv'
}

/** Sends text in place of an answer, which is given back since the reply is out by then. */
async function sendCsv<Answer>(
  reply: FastifyReply,
  text: string,
  name: string,
  answer: Answer,
): Promise<Answer> {
  await reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .serializer((body: unknown) => body as string)
    .send(text)
  return answer
}
