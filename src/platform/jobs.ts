// Jobs: put on the queue inside the transaction that causes them, worked by graphile-worker, freed when a worker dies.
import { makeWorkerUtils, parseCronItems, run as runWorker } from 'graphile-worker'
import type { Runner, TaskList } from 'graphile-worker'
import { Logger as WorkerLogger } from 'graphile-worker'
import type pg from 'pg'
import type { Logger } from 'pino'
import { jobsDone } from './metrics.ts'
import { rows, run, sql } from './postgres.ts'
import type { Db } from './postgres.ts'

/** Makes or brings up to date the queue's own tables. */
export async function migrateJobs(connectionString: string): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString, logger: silent })
  try {
    await utils.migrate()
  } finally {
    await utils.release()
  }
}

/**
 * Puts a job on the queue in the transaction `tx`.
 * @param options.key a job with the same key that has not begun takes the new payload instead of a second job
 * @param options.queue jobs of one queue are worked one after the other
 */
export async function enqueue(
  tx: Db,
  task: string,
  payload: Record<string, unknown>,
  options: { key?: string; runAt?: Date; maxAttempts?: number; queue?: string } = {},
): Promise<void> {
  await run(
    tx,
    sql`select graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json, run_at := ${options.runAt ?? null}::timestamptz,
          max_attempts := ${options.maxAttempts ?? 25}::int, job_key := ${options.key ?? null}::text,
          queue_name := ${options.queue ?? null}::text)`,
  )
}

/** A task: gets its payload; a throw means that it is tried again later. */
export type Task = (payload: Record<string, unknown>) => Promise<void>

export interface JobRunner {
  stop(): Promise<void>
}

/**
 * Works the queue until stopped. The worker beats its heart every ten seconds; jobs of workers whose heart stood still for
 * half a minute are freed, since a killed worker cannot free its own.
 * @param cron lines of `minute hour day month weekday task`, in UTC
 */
export async function workJobs(
  pool: pg.Pool,
  db: Db,
  log: Logger,
  tasks: Record<string, Task>,
  cron: { task: string; match: string }[],
): Promise<JobRunner> {
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload: unknown) => {
        try {
          await task(payload as Record<string, unknown>)
          jobsDone.labels(name, 'done').inc()
        } catch (error) {
          jobsDone.labels(name, 'failed').inc()
          log.warn({ err: error, task: name }, 'job failed, it will be tried again')
          throw error
        }
      },
    ]),
  )
  const workerIds = new Set<string>()
  let runner: Runner | undefined
  let stopping = false
  const working = workUntilStopped()

  // A runner ends for good when PostgreSQL goes away at the wrong moment; another one takes its place.
  async function workUntilStopped(): Promise<void> {
    while (!stopping) {
      try {
        runner = await runWorker({
          pgPool: pool,
          taskList,
          parsedCronItems: parseCronItems(cron),
          concurrency: 2,
          pollInterval: 1000,
          noHandleSignals: true,
          logger: silent,
        })
        runner.events.on('worker:create', ({ worker }) => workerIds.add(worker.workerId))
        runner.events.on('job:start', ({ worker }) => workerIds.add(worker.workerId))
        if (stopping) await runner.stop()
        await runner.promise
      } catch (error) {
        if (!stopping) log.warn({ err: error }, 'the job runner ended; another one is started')
      }
      if (!stopping) await new Promise((resolve) => setTimeout(resolve, RUNNER_PAUSE_MS))
    }
  }

  const beat = async () => {
    await beatHeart(db, [...workerIds])
    const dead = await deadWorkers(db)
    if (dead.length > 0) await run(db, sql`select graphile_worker.force_unlock_workers(${dead}::text[])`)
  }
  await beat().catch(() => undefined)
  const timer = setInterval(() => void beat().catch(() => undefined), 10_000)
  return {
    async stop() {
      stopping = true
      clearInterval(timer)
      await runner?.stop().catch(() => undefined)
      await working
      await run(db, sql`delete from worker_hearts where worker_id = any(${[...workerIds]}::text[])`).catch(
        () => undefined,
      )
    },
  }
}

const RUNNER_PAUSE_MS = 1_000

/** How many jobs could be worked now or are in work; those that wait for their time or their next try are not counted. */
export async function dueJobs(db: Db): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    sql`select count(*)::int as count from graphile_worker.jobs where run_at <= now() and attempts < max_attempts`,
  )
  return found?.count ?? 0
}

/** Jobs that failed at least once and wait or have given up. */
export async function failedJobs(
  db: Db,
): Promise<{ id: string; task: string; attempts: number; givenUp: boolean; error: string }[]> {
  return rows(
    db,
    sql`select id::text, task_identifier as task, attempts, attempts >= max_attempts as "givenUp", coalesce(last_error, '') as error
        from graphile_worker.jobs where last_error is not null order by id desc limit 100`,
  )
}

async function beatHeart(db: Db, workerIds: string[]): Promise<void> {
  await run(
    db,
    sql`insert into worker_hearts (worker_id, beat_at) select id, now() from unnest(${workerIds}::text[]) as id
        on conflict (worker_id) do update set beat_at = excluded.beat_at`,
  )
}

// A worker that holds a job and has no heartbeat at all began before this process and is gone, too.
async function deadWorkers(db: Db): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select distinct j.locked_by as id from graphile_worker.jobs j left join worker_hearts h on h.worker_id = j.locked_by
        where j.locked_by is not null and j.locked_at < now() - interval '30 seconds'
          and (h.beat_at is null or h.beat_at < now() - interval '30 seconds')`,
  )
  return found.map((row) => row.id)
}

const silent = new WorkerLogger(() => () => undefined)
