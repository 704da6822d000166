// The verbs of reports: questions that are only asked.
export { readDashboard } from './dashboard.ts'
export { reportRoutes } from './routes.ts'
