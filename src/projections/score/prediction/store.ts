// What the prediction keeps in PostgreSQL: each training with what it came to, and what the workspace asks for.
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { PredictReport } from '../predictive/contract.ts'
import type { Model, Shape, Snapshot } from '../predictive/index.ts'
import type { Target, verdicts } from './contract.ts'

/** A training and what came of it; the three parts of a model are there together or not at all. */
export interface Training {
  trainedAt: Date
  target: Target
  verdict: (typeof verdicts)[number]
  sentence: string
  counted: Record<Snapshot['is'], number>
  model: Model | null
  shape: Shape | null
  report: PredictReport | null
}

/** A model with what it needs to read leads. */
export interface ModelInForce {
  trainedAt: Date
  target: Target
  model: Model
  shape: Shape
}

export async function readTarget(db: Db, workspaceId: string): Promise<Target> {
  const found = await firstRow<{ target: Target }>(
    db,
    sql`select target from predictive_settings where workspace_id = ${workspaceId}`,
  )
  return found?.target ?? 'order'
}

export async function writeTarget(tx: Db, workspaceId: string, target: Target): Promise<void> {
  await run(
    tx,
    sql`insert into predictive_settings (workspace_id, target) values (${workspaceId}, ${target})
        on conflict (workspace_id) do update set target = excluded.target`,
  )
}

/** The newest training; undefined before the first. */
export async function readTraining(
  db: Db,
  workspaceId: string,
): Promise<Omit<Training, 'model' | 'shape'> | undefined> {
  return firstRow(
    db,
    sql`select trained_at as "trainedAt", target, verdict, sentence, counted, report from predictive_models
        where workspace_id = ${workspaceId} order by trained_at desc limit 1`,
  )
}

/** The model that leads are predicted by: that of the newest training, if it made one. */
export async function readModelInForce(db: Db, workspaceId: string): Promise<ModelInForce | undefined> {
  const found = await firstRow<Pick<Training, 'trainedAt' | 'target' | 'model' | 'shape'>>(
    db,
    sql`select trained_at as "trainedAt", target, model, shape from predictive_models
        where workspace_id = ${workspaceId} order by trained_at desc limit 1`,
  )
  return found?.model && found.shape ? { ...found, model: found.model, shape: found.shape } : undefined
}

/** Trainings that are kept, the newest first. */
const KEPT = 12

export async function insertTraining(tx: Db, workspaceId: string, training: Training): Promise<void> {
  const { trainedAt, target, verdict, sentence, counted, model, shape, report } = training
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
  await run(
    tx,
    sql`insert into predictive_models (workspace_id, trained_at, target, verdict, sentence, counted, model, shape, report)
        values (${workspaceId}, ${trainedAt}, ${target}, ${verdict}, ${sentence}, ${json(counted)}::jsonb,
          ${json(model)}::jsonb, ${json(shape)}::jsonb, ${json(report)}::jsonb)`,
  )
  await run(
    tx,
    sql`delete from predictive_models where workspace_id = ${workspaceId} and trained_at < (
          select min(trained_at) from (select trained_at from predictive_models where workspace_id = ${workspaceId}
            order by trained_at desc limit ${KEPT}) kept)`,
  )
}

/** When a workspace began, ms since 1970. */
export async function readStartedAt(db: Db, workspaceId: string): Promise<number> {
  const found = await firstRow<{ at: Date }>(
    db,
    sql`select created_at as at from workspaces where id = ${workspaceId}`,
  )
  return found?.at.getTime() ?? 0
}

/** Workspaces that have anybody to learn from. */
export async function readWorkspacesToLearn(db: Db): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select id from workspaces w where exists (select 1 from leads l where l.workspace_id = w.id and l.is_known) order by id`,
  )
  return found.map(({ id }) => id)
}

/** Whom is learnt from: everybody known, or of many a share by chance that is the same every time, by the last bytes of the id. */
export async function readShare(db: Db, workspaceId: string, limit: number): Promise<number> {
  const counted = await firstRow<{ leads: number }>(
    db,
    sql`select count(*)::int as leads from leads where workspace_id = ${workspaceId} and status = 'active' and is_known`,
  )
  return Math.min(1, limit / Math.max(1, counted?.leads ?? 0))
}

/** The next of them after one, in the order of their ids. */
export async function readLeadsToLearn(
  db: Db,
  workspaceId: string,
  { afterId, share, limit }: { afterId: string | null; share: number; limit: number },
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select id from leads
        where workspace_id = ${workspaceId} and status = 'active' and is_known
          and id > ${afterId ?? '00000000-0000-0000-0000-000000000000'}::uuid
          and ('x' || right(id::text, 6))::bit(24)::int < ${Math.ceil(share * 2 ** 24)}
        order by id limit ${limit}`,
  )
  return found.map(({ id }) => id)
}
