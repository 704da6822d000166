// The verbs of ingest: the door of the inbox, what a worker takes from it, and the first steps of a message.
export { openDoor } from './door.ts'
export type { Door } from './door.ts'
export {
  classifyChannel,
  correctClock,
  describeDevice,
  keepContext,
  locate,
  nameEvent,
  respectRefusal,
} from './normalise.ts'
export type { Described, ReadingSettings } from './normalise.ts'
export { forgetMessages } from './store/forget.ts'
export { shareShards, workersAtWork } from './store/shards.ts'
export { SHARDS, TakenTwice, inboxBacklog, settleMessages, takeWaiting, turnInboxDays } from './store.ts'
export type { InboxRow, Settled } from './store.ts'
export { debuggerRoutes } from './routes/debugger.ts'
export type { DebuggerReactions } from './view.ts'
