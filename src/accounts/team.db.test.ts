// Guarantees of members, roles and invitations.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWNER, deploy, ownerOf } from '../../test/accounts.ts'
import type { Ask, Deployment } from '../../test/accounts.ts'
import {
  acceptInvitation,
  changeRole,
  createApiKey,
  getInvitation,
  getMe,
  handOver,
  inviteMember,
  leaveTeam,
  listAuditLog,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
  signIn,
  updateWorkspace,
} from './contract.ts'
import type { Role } from './contract.ts'

let deployment: Deployment
let owner: Ask
const password = 'a good long password'
const day = 86_400_000

beforeAll(async () => {
  deployment = await deploy()
  owner = await ownerOf(deployment)
})
afterAll(() => deployment.close())

async function invite(as: Ask, role: Role, email?: string): Promise<string> {
  const { body } = await as(inviteMember, { body: { role, email } })
  return body.link.split('#')[1] ?? ''
}

async function join(name: string, role: Role): Promise<{ ask: Ask; userId: string }> {
  const token = await invite(owner, role)
  const ask = deployment.browser()
  const account = { email: `${name}@shop.example`, name, password }
  const { body } = await ask(acceptInvitation, { body: { token, account } })
  return { ask, userId: body.user.id }
}

test('an invitation link says what it invites to, creates the account, signs in, and works once', async () => {
  const token = await invite(owner, 'marketer')
  const visitor = deployment.browser()
  const shown = await visitor(getInvitation, { body: { token } })
  expect(shown.body).toMatchObject({
    workspaceName: 'Shop',
    role: 'marketer',
    invitedBy: 'Olive',
    signedInAs: null,
  })
  const account = { email: 'Mia@shop.example', name: 'Mia', password }
  const joined = await visitor(acceptInvitation, { body: { token, account } })
  expect(joined.status).toBe(200)
  expect(joined.body.workspaces.map(({ slug, role }) => [slug, role])).toEqual([
    ['shop', 'marketer'],
    ['shop-test', 'marketer'],
  ])
  expect((await visitor(getMe)).body.user.email).toBe('mia@shop.example')
  expect((await visitor(getInvitation, { body: { token } })).status).toBe(404)
  const second = { ...account, email: 'second@shop.example' }
  expect((await deployment.browser()(acceptInvitation, { body: { token, account: second } })).status).toBe(
    404,
  )
})

test('of two who accept one invitation at the same moment, one joins, and the other gets no account', async () => {
  const token = await invite(owner, 'analyst')
  const replies = await Promise.all(
    ['left', 'right'].map((name) =>
      deployment.browser()(acceptInvitation, {
        body: { token, account: { email: `${name}@shop.example`, name, password } },
      }),
    ),
  )
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 404])
  const names = (await owner(listMembers)).body.items.map(({ name }) => name)
  expect(names.filter((name) => name === 'left' || name === 'right')).toHaveLength(1)
  const loser = names.includes('left') ? 'right' : 'left'
  expect(
    (await deployment.browser()(signIn, { body: { email: `${loser}@shop.example`, password } })).status,
  ).toBe(401)
})

test('an invitation that was taken back, is older than seven days, or is for another address does not let anyone in', async () => {
  const accept = (token: string) =>
    deployment.browser()(acceptInvitation, {
      body: { token, account: { email: 'late@shop.example', name: 'Late', password } },
    })
  const made = await owner(inviteMember, { body: { role: 'analyst' } })
  const { id } = made.body.invitation
  expect((await owner(listInvitations)).body.items.map((item) => item.id)).toContain(id)
  expect((await owner(revokeInvitation, { params: { id } })).status).toBe(200)
  expect((await owner(revokeInvitation, { params: { id } })).status).toBe(404)
  expect((await owner(listInvitations)).body.items.map((item) => item.id)).not.toContain(id)
  expect((await accept(made.body.link.split('#')[1] ?? '')).body.code).toBe('invitation_missing')
  const personal = await invite(owner, 'analyst', 'someone.else@shop.example')
  expect((await accept(personal)).body.code).toBe('invitation_for_another')
  const old = await invite(owner, 'analyst')
  deployment.wait(7 * day)
  expect((await accept(old)).body.code).toBe('invitation_missing')
})

test('someone with an account joins a further team as the person signed in, or with the password', async () => {
  const { ask, userId } = await join('nora', 'marketer')
  await owner(removeMember, { params: { userId } })
  expect((await ask(getMe)).body.code).toBe('membership_missing')
  const again = await ask(acceptInvitation, { body: { token: await invite(owner, 'analyst') } })
  expect(again.body.workspaces[0]?.role).toBe('analyst')
  expect((await ask(acceptInvitation, { body: { token: await invite(owner, 'analyst') } })).body.code).toBe(
    'member_exists',
  )
  await owner(removeMember, { params: { userId } })
  const account = { email: 'nora@shop.example', name: 'Somebody', password }
  const token = await invite(owner, 'analyst')
  const guess = { ...account, password: 'not the password' }
  expect((await deployment.browser()(acceptInvitation, { body: { token, account: guess } })).status).toBe(401)
  const back = await deployment.browser()(acceptInvitation, { body: { token, account } })
  expect(back.body.user).toMatchObject({ id: userId, name: 'nora' })
})

test('the last owner can neither be demoted nor removed, even by two requests at once', async () => {
  const second = await join('oscar', 'owner')
  const ownerId = (await owner(getMe)).body.user.id
  const replies = await Promise.all([
    owner(changeRole, { params: { userId: second.userId }, body: { role: 'admin' } }),
    second.ask(changeRole, { params: { userId: ownerId }, body: { role: 'admin' } }),
  ])
  const owners = async (as: Ask) => (await as(listMembers)).body.items.filter(({ role }) => role === 'owner')
  expect(replies.map(({ status }) => status).sort()).not.toEqual([200, 200])
  const left = await owners(owner)
  expect(left).toHaveLength(1)
  const [last, other] =
    left[0]?.userId === ownerId ? [owner, second] : [second.ask, { ask: owner, userId: ownerId }]
  const lastId = left[0]?.userId ?? ''
  expect((await last(changeRole, { params: { userId: lastId }, body: { role: 'admin' } })).body.code).toBe(
    'owner_last',
  )
  expect((await last(removeMember, { params: { userId: lastId } })).body.code).toBe('owner_last')
  if (lastId !== ownerId) {
    await last(changeRole, { params: { userId: ownerId }, body: { role: 'owner' } })
    await other.ask(changeRole, { params: { userId: lastId }, body: { role: 'admin' } })
  }
})

test('only owners make, invite, demote or remove owners', async () => {
  const admin = await join('ada', 'admin')
  const ownerId = (await owner(getMe)).body.user.id
  const tries = [
    admin.ask(inviteMember, { body: { role: 'owner' } }),
    admin.ask(changeRole, { params: { userId: admin.userId }, body: { role: 'owner' } }),
    admin.ask(changeRole, { params: { userId: ownerId }, body: { role: 'analyst' } }),
    admin.ask(removeMember, { params: { userId: ownerId } }),
  ]
  expect((await Promise.all(tries)).map(({ body }) => body.code)).toEqual(Array(4).fill('owner_required'))
  expect((await admin.ask(createApiKey, { body: { name: 'x', role: 'owner' } })).body.code).toBe(
    'role_too_high',
  )
})

test('the table of roles holds for sessions: a marketer and an analyst change neither team nor settings', async () => {
  for (const role of ['marketer', 'analyst'] as const) {
    const { ask, userId } = await join(`plain-${role}`, role)
    const refused = await Promise.all([
      ask(inviteMember, { body: { role: 'analyst' } }),
      ask(changeRole, { params: { userId }, body: { role: 'owner' } }),
      ask(removeMember, { params: { userId } }),
      ask(createApiKey, { body: { name: 'x', role: 'analyst' } }),
      ask(updateWorkspace, { params: { id: 'shop' }, body: { name: 'Mine' } }),
      ask(listAuditLog),
      ask(listInvitations),
    ])
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array(7).fill([403, 'permission_missing']),
    )
    expect((await ask(listMembers)).status).toBe(200)
  }
})

test('a change of role and a removal work at once, and take the invitations of that person with them', async () => {
  const admin = await join('alan', 'admin')
  const token = await invite(admin.ask, 'admin')
  expect((await admin.ask(listAuditLog)).status).toBe(200)
  await owner(changeRole, { params: { userId: admin.userId }, body: { role: 'analyst' } })
  expect((await admin.ask(listAuditLog)).status).toBe(403)
  expect((await admin.ask(getInvitation, { body: { token } })).status).toBe(404)
  await owner(removeMember, { params: { userId: admin.userId } })
  expect((await admin.ask(listMembers)).body.code).toBe('membership_missing')
  expect((await owner(removeMember, { params: { userId: admin.userId } })).status).toBe(404)
})

test('an owner who becomes an admin leaves no invitation behind that makes owners', async () => {
  const ownerId = (await owner(getMe)).body.user.id
  const heir = await join('hugo', 'owner')
  const look = async (token: string) => (await owner(getInvitation, { body: { token } })).status
  const demoted = { owner: await invite(heir.ask, 'owner'), admin: await invite(heir.ask, 'admin') }
  await owner(changeRole, { params: { userId: heir.userId }, body: { role: 'admin' } })
  expect([await look(demoted.owner), await look(demoted.admin)]).toEqual([404, 200])
  const handed = await invite(owner, 'owner')
  await owner(handOver, { params: { userId: heir.userId }, body: { password: OWNER.password } })
  expect(await look(handed)).toBe(404)
  await heir.ask(handOver, { params: { userId: ownerId }, body: { password } })
})

test('a member leaves by itself and reaches the workspace no more; the last owner stays', async () => {
  const lena = await join('lena', 'analyst')
  const token = await invite(owner, 'analyst')
  expect((await lena.ask(leaveTeam)).body).toEqual({ left: true })
  expect((await lena.ask(listMembers)).body.code).toBe('membership_missing')
  expect((await owner(listAuditLog)).body.items[0]).toMatchObject({
    action: 'member_left',
    actor: `user:${lena.userId}`,
    before: { role: 'analyst' },
  })
  expect((await owner(leaveTeam)).body.code).toBe('owner_last')
  expect((await lena.ask(acceptInvitation, { body: { token } })).status).toBe(200)
})

test('ownership is handed over with the password, to a member, by an owner: one takes it, the other is admin', async () => {
  const heir = await join('hera', 'marketer')
  const admin = await join('adam', 'admin')
  const ownerId = (await owner(getMe)).body.user.id
  const give = (as: Ask, userId: string, typed: string = OWNER.password) =>
    as(handOver, { params: { userId }, body: { password: typed } })
  expect((await give(admin.ask, heir.userId, password)).body.code).toBe('permission_missing')
  expect((await give(owner, heir.userId, 'not the password')).body.code).toBe('password_wrong')
  expect((await give(owner, ownerId)).body.code).toBe('member_same')
  expect((await give(owner, '01890000-0000-7000-8000-000000000000')).status).toBe(404)
  const replies = await Promise.all([give(owner, heir.userId), give(owner, admin.userId)])
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 403])
  const taken = replies[0]?.status === 200 ? heir : admin
  const roleOf = async (userId: string) =>
    (await owner(listMembers)).body.items.find((member) => member.userId === userId)?.role
  expect([await roleOf(taken.userId), await roleOf(ownerId)]).toEqual(['owner', 'admin'])
  expect((await owner(listAuditLog)).body.items[0]).toMatchObject({
    action: 'ownership_handed_over',
    after: { [ownerId]: 'admin', [taken.userId]: 'owner' },
  })
  expect((await give(taken.ask, ownerId, password)).body.role).toBe('owner')
})

test('the sign-in of the owner is untouched by all this', async () => {
  expect(
    (await deployment.browser()(signIn, { body: { email: OWNER.email, password: OWNER.password } })).status,
  ).toBe(200)
})
