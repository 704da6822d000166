// Domains of e-mail addresses that say nothing about where somebody works: mailboxes for everybody, and throw-away ones.

/** What kind of address a domain gives; `own` where it is neither, which mostly is a company, school or a person's own. */
export type MailDomainKind = 'free' | 'disposable' | 'own'

/**
 * A sub-domain counts as its parent where that gives addresses to everybody; what is throw-away anywhere is throw-away.
 * @param domain in lower case and ASCII
 */
export function mailDomainKind(domain: string): MailDomainKind {
  const labels = domain.split('.')
  // None of those known has more than three labels.
  const tails = [labels.slice(-2), labels.slice(-3)]
  if (tails.some((tail) => disposableDomains.has(tail.join('.')))) return 'disposable'
  return tails.some((tail) => freeDomains.has(tail.join('.')) || isPerCountry(tail)) ? 'free' : 'own'
}

// These run a domain per country: yahoo.co.uk, hotmail.fr, gmx.ch.
function isPerCountry([owner, ...ends]: string[]): boolean {
  return domainOwners.has(owner!) && ends.length > 0 && ends.every((end) => end.length <= 3)
}

/** Owners of a domain per country. */
export const domainOwners: ReadonlySet<string> = new Set([
  'yahoo',
  'hotmail',
  'outlook',
  'live',
  'gmx',
  'yandex',
  'msn',
  'ymail',
])

export const freeDomains: ReadonlySet<string> = new Set(
  `126.com 139.com 163.com 189.cn aim.com aliyun.com alice.it aol.com arcor.de att.net bell.net bellsouth.net bigpond.com
  bigpond.net.au bk.ru blueyonder.co.uk bluewin.ch bol.com.br btinternet.com caramail.com charter.net chello.at chello.nl
  comcast.net cox.net daum.net dbmail.com docomo.ne.jp earthlink.net email.cz email.de email.com eircom.net excite.com
  ezweb.ne.jp fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de frontier.com gmail.com
  googlemail.com hanmail.net hetnet.nl home.nl hey.com hushmail.com icloud.com ig.com.br inbox.lv inbox.ru inwind.it
  iol.it iname.com interia.pl juno.com kpnmail.nl laposte.net libero.it list.ru live.com lycos.com mac.com mail.com
  mail.de mail.ru mailbox.org mailfence.com me.com naver.com neuf.fr nate.com netscape.net netzero.net nifty.com ntlworld.com
  o2.pl online.de online.no onet.pl op.pl optonline.net optusnet.com.au orange.fr pm.me posteo.de posteo.net proton.me
  protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com rogers.com runbox.com sapo.pt
  sbcglobal.net seznam.cz sfr.fr shaw.ca sina.cn sina.com skynet.be sky.com softbank.ne.jp sohu.com startmail.com
  sunrise.ch swissonline.ch sympatico.ca t-online.de talktalk.net telenet.be telefonica.net telia.com tele2.nl terra.com.br
  tiscali.co.uk tiscali.it tin.it tutanota.com tuta.io tutamail.com ukr.net unitybox.de uol.com.br verizon.net
  videotron.ca virgilio.it virgin.net virginmedia.com vodafone.de vodafone.it volny.cz wanadoo.fr web.de wp.pl xs4all.nl
  xtra.co.nz zoho.com zoznam.sk`.split(/\s+/),
)

export const disposableDomains: ReadonlySet<string> = new Set(
  `10mail.org 10minutemail.com 10minutemail.net 20minutemail.com 33mail.com anonbox.net burnermail.io byom.de
  deadaddress.com discard.email discardmail.com discardmail.de dispostable.com dropmail.me emailondeck.com
  emltmp.com fakeinbox.com fakemail.net fakemailgenerator.com getairmail.com getnada.com grr.la guerrillamail.biz
  guerrillamail.com guerrillamail.de guerrillamail.info guerrillamail.net guerrillamail.org guerrillamailblock.com
  harakirimail.com incognitomail.org inboxbear.com inboxkitten.com jetable.org mail-temporaire.fr mailcatch.com maildrop.cc
  mailexpire.com mailforspam.com mailinator.com mailinator.net mailnesia.com mailnull.com mailsac.com mailtemp.info
  mintemail.com mohmal.com moakt.com mytemp.email mytrashmail.com nada.email nowmymail.com one-time.email owlymail.com
  pokemail.net sharklasers.com sneakemail.com spam4.me spambog.com spambox.us spamgourmet.com spamex.com spaml.de
  temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.com tempmail.de tempmail.net tempmailaddress.com tempr.email
  throwawaymail.com trash-mail.com trash-mail.de trashmail.com trashmail.de trashmail.me trashmail.net wegwerfemail.de
  wegwerfmail.de wegwerfmail.net yopmail.com yopmail.fr yopmail.net zehnminutenmail.de`.split(/\s+/),
)
