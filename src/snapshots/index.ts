// The verbs of snapshots: how leads stand on each day is counted, and the days before are worked out anew from the log.
export { countDayOf, countDays } from './count.ts'
export { queuePast, queueRecount, queueSnapshot, snapshotCron, snapshotTasks } from './jobs.ts'
export { recomputeDays } from './past.ts'
export type { PastLead, WorkOut } from './past.ts'
