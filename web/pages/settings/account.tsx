// Your own account: who you are here, how you sign in, and where you are signed in.
import { getSecurity } from '../../../src/accounts/contract.ts'
import { useCall } from '../../queries.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { useSession } from '../../workspace.ts'
import { ChangeEmail, ChangeName, ChangePassword } from './account-forms.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

export function AccountSettings() {
  const { user } = useSession()
  const security = useCall(getSecurity, {})
  return (
    <>
      <PageHeader title="Your account" about={`${user.name}, ${user.email}`} />
      <Section title="Name" about="What others see beside what you do.">
        <ChangeName key={user.name} name={user.name} />
      </Section>
      <Answer of={security}>
        {({ twoFactor, recoveryCodesLeft, isMailSetUp }) => (
          <>
            <Section
              title="E-mail"
              about={
                isMailSetUp
                  ? 'A new address counts once you open the link that is mailed to it.'
                  : 'You sign in with it. A new address counts at once.'
              }
            >
              <ChangeEmail email={user.email} />
            </Section>
            <Section title="Password" about="After a change every other session of yours ends.">
              <ChangePassword />
            </Section>
            <Section
              title="Two-factor"
              about="With it, signing in takes a code from your phone after the password."
            >
              <TwoFactor isOn={twoFactor} codesLeft={recoveryCodesLeft} />
            </Section>
          </>
        )}
      </Answer>
      <OwnSessions />
    </>
  )
}
