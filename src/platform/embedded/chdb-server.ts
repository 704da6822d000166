// The child process that holds the embedded ClickHouse: opens the folder it is told, serves it, and ends with its parent.
import { writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { createEngineServer } from './chdb-http.ts'
import { Sessions } from './chdb-sessions.ts'

/** What the parent sends first. */
export interface EngineOrder {
  folder: string
  port: number
  password: string
}

/** What the child answers: that it serves, or why it cannot. */
export type EngineReply = { ready: true } | { ready: false; reason: string }

// All queries together, before one is refused (code 241); sorting and grouping go to disk earlier. It bounds results
// that are not streamed too: they lie in memory whole, and max_result_bytes was seen to have no effect on them.
const MEMORY_BYTES = Math.min(2_000_000_000, Math.floor(totalmem() / 4) * 2)

// Idle the process takes 275 MB, of which 205 MB are pages of the engine's file. The caches are small because the
// file cache of the system serves as well; two cores are the machine this is measured on.
// An insert is on disk when it is acknowledged: 3 to 5 ms each, measured with and without.
// A merge opens a buffer of 1 MB for each column it writes, `lead_facts` has sixty and more: 220 MB, against 31 MB with
// buffers that begin small and grow.
const CONFIG = `<clickhouse>
  <logger><level>none</level></logger>
  <mark_cache_size>33554432</mark_cache_size>
  <primary_index_cache_size>33554432</primary_index_cache_size>
  <index_mark_cache_size>8388608</index_mark_cache_size>
  <max_server_memory_usage>${MEMORY_BYTES}</max_server_memory_usage>
  <max_io_thread_pool_size>4</max_io_thread_pool_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>2</background_schedule_pool_size>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <min_columns_to_activate_adaptive_write_buffer>1</min_columns_to_activate_adaptive_write_buffer>
  </merge_tree>
</clickhouse>
`

const BASE_SETTINGS = {
  max_threads: '2',
  // The engine takes one thread where less than a gigabyte of its memory is free for each, which is always so here.
  max_threads_min_free_memory_per_thread: '0',
  max_insert_threads: '1',
  max_memory_usage: String(MEMORY_BYTES / 2),
  max_bytes_before_external_group_by: String(Math.floor(MEMORY_BYTES / 6)),
  max_bytes_before_external_sort: String(Math.floor(MEMORY_BYTES / 6)),
  session_timezone: 'UTC',
}

// Parameters are bound by statements, which are cut at 256 kB without this: the ids of some 6,000 leads.
const PARAMETER_BYTES = 64_000_000

const LOCK_WAIT_MS = 15_000

process.once('message', (order: EngineOrder) => {
  serve(order).then(
    () => reply({ ready: true }),
    (error: unknown) => {
      reply({ ready: false, reason: error instanceof Error ? error.message : String(error) })
      process.exitCode = 1
      process.disconnect()
    },
  )
})

async function serve(order: EngineOrder): Promise<void> {
  const config = join(order.folder, 'config.xml')
  writeFileSync(config, CONFIG, { mode: 0o600 })
  const sessions = await openSessions(join(order.folder, 'store'), config)
  const server = createEngineServer(sessions, order.password)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(order.port, '127.0.0.1', resolve)
  })
  // The parent closes the channel to end us; the channel closes by itself when the parent dies.
  process.once('disconnect', () => {
    server.close(() => {
      sessions.close()
      process.exit(0)
    })
    server.closeIdleConnections()
    // What still runs cannot be waited for; what was acknowledged is on disk.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 3000).unref()
  })
}

// A child killed a moment ago may still hold the folder's lock; the engine says no more than that it cannot connect.
async function openSessions(folder: string, config: string): Promise<Sessions> {
  const until = Date.now() + LOCK_WAIT_MS
  for (;;) {
    try {
      return new Sessions(
        folder,
        [`--config-file=${config}`, `--max_query_size=${PARAMETER_BYTES}`],
        BASE_SETTINGS,
      )
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function reply(answer: EngineReply): void {
  process.send?.(answer)
}

// The parent ends us by closing the channel; a Ctrl-C in the terminal is not for us.
process.on('SIGINT', () => undefined)
