// The verbs of segments.
export { segmentCron, segmentTasks } from './jobs.ts'
export { knownSegments } from './known.ts'
export { lookAtWorkspace } from './looking.ts'
export { segmentMembership } from './membership.ts'
export { forgetInSegments, renameSegmentField } from './saving.ts'
export { forgetMembers } from './store/members.ts'
