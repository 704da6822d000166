// The verbs of lead sources: how each stands, its forms and mappings, tests, catching up, and what it caught.
export { listCaughtLeads, retryCaught, sendTest, startListening, syncNow } from './acting.ts'
export { connectionsOf } from './asking.ts'
export { answerChallenge, takeWebhook } from './catching.ts'
export { leadSourceCrons, leadSourceTasks } from './jobs.ts'
export { getMapping, listForms, preview, resetMapping, setMapping } from './mappings.ts'
export { listSources } from './overview.ts'
export { forgetCaught } from './store/caught.ts'
export { forgetSource } from './store/states.ts'
