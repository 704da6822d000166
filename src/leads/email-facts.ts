// What follows from a lead's e-mail address, as facts that conditions may ask for: its domain, and what kind of mailbox it is.
import { chSql, fold, identifier, joinedBy, param } from '../conditions/index.ts'
import type { Fact, Fragment } from '../conditions/index.ts'
import {
  placeholderDomains,
  placeholderMailboxes,
  roleMailboxes,
  undeliverableEndings,
} from '../lib/email.ts'
import { disposableDomains, domainOwners, freeDomains } from '../lib/mail-domains.ts'
import { emailKindOf } from './enrichment.ts'
import type { LeadSubject } from './facts.ts'
import { standingFacts } from './fact-list.ts'

const email = identifier('email')
const domain = chSql`substringIndex(${email}, '@', -1)`

/** Everything after the last `@`. */
export const emailDomainFact: Fact<LeadSubject> = {
  name: 'emailDomain',
  label: labelOf('emailDomain'),
  type: 'text',
  read: ({ record }) => record.email && record.email.slice(record.email.lastIndexOf('@') + 1),
  column: { sql: domain, isFolded: true },
}

/** Judged whenever it is asked, as on the page of the lead: a better list of mailboxes is at once in force for all. */
export const emailKindFact: Fact<LeadSubject> = {
  name: 'emailKind',
  label: labelOf('emailKind'),
  type: 'choice',
  read: ({ record }) => emailKindOf(record.email ? fold(record.email) : null),
  column: { sql: kindSql() },
}

// As `emailKindOf`, `sharedEmail` and `mailDomainKind` say it. Asked of a million leads it takes half a second of CPU at most.
function kindSql(): Fragment {
  const isNamed = chSql`position(${email}, '@') > 0`
  const address = chSql`substring(${email}, 1, length(${email}) - length(${domain}) - 1)`
  const local = chSql`if(position(${address}, '+') > 1, substringIndex(${address}, '+', 1), ${address})`
  const tails = [chSql`substringIndex(${domain}, '.', -2)`, chSql`substringIndex(${domain}, '.', -3)`]
  const isAmong = (text: Fragment, names: ReadonlySet<string>) =>
    chSql`${text} in ${param('Array(String)', [...names])}`
  const perCountry = `(^|[.])(${[...domainOwners].join('|')})([.][^.]{0,3}){1,2}$`
  const isAny = (names: ReadonlySet<string>) =>
    joinedBy(
      'or',
      tails.map((tail) => isAmong(tail, names)),
    )
  return chSql`multiIf(${email} = '', '',
    ${isNamed} and (${isAmong(local, placeholderMailboxes)} or ${isAmong(domain, placeholderDomains)}
      or ${isAmong(chSql`substringIndex(${domain}, '.', -1)`, undeliverableEndings)}), 'placeholder',
    ${isAny(disposableDomains)}, 'disposable',
    ${isNamed} and ${isAmong(local, roleMailboxes)}, 'role',
    ${isAny(freeDomains)} or match(${domain}, ${param('String', perCountry)}), 'free',
    'business')`
}

function labelOf(name: 'emailDomain' | 'emailKind'): string {
  return standingFacts.find((fact) => fact.name === name)!.label
}
