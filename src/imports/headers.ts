// The words by which people and exports name columns, and what each fills.
import type { ImportTarget } from '../connectors/contract.ts'

/** What a header says by itself, or null where it is no word we know. */
export function targetOfHeader(header: string): ImportTarget | null {
  const words = headerWords(header)
  return (
    targets.get(words) ??
    targets.get(words.replace(/^(contact|person|lead|customer|subscriber|buyer) /, '')) ??
    null
  )
}

/** A header as words: lower case, `_ - . : /` and brackets as spaces, without accents: `E-Mail Adresse:` is `e mail adresse`. */
export function headerWords(header: string): string {
  return header
    .replace(/ \(\d+\)$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim()
}

const words: Partial<Record<ImportTarget, string>> = {
  email:
    'email, e mail, mail, email address, e mail address, mail address, emailaddress, work email, primary email, e mail adresse, email adresse, mailadresse, e post, epost, e postadress, epostadress, mejl, mejladress, courriel, adresse e mail, adresse email, adresse mail, correo, correo electronico, posta elettronica, e mail 1 value, email 1, your email, what s your email, billing email, メールアドレス, メール',
  phone:
    'phone, phone number, telephone, telephone number, tel, mobile, mobile phone, mobile number, cell, cell phone, cellphone, telefon, telefonnummer, handy, handynummer, mobil, mobilnummer, mobiltelefon, telephone portable, portable, tel portable, numero de telephone, telefono, movil, sms, whatsapp, phone 1 value, work phone, billing phone, 電話番号',
  user_id: 'user id, userid, external id, external user id',
  vendor_customer_id: 'vendor customer id',
  first_name:
    'first name, firstname, first, given name, givenname, fname, forename, vorname, fornamn, prenom, nombre, nome, voornaam, billing first name',
  last_name:
    'last name, lastname, last, surname, family name, familyname, lname, nachname, familienname, efternamn, nom, nom de famille, apellido, apellidos, cognome, achternaam, billing last name',
  full_name:
    'name, full name, fullname, display name, your full name, your name, what s your name, namn, fullstandigt namn, nom complet, vollstandiger name, billing name, 氏名, 名前',
  company:
    'company, company name, organization, organisation, organization name, organization 1 name, account, account name, business name, firma, firmenname, unternehmen, foretag, foretagsnamn, bolag, entreprise, societe, empresa, azienda, bedrijf, associated company, billing company, 会社名',
  job_title:
    'job title, jobtitle, position, role, titel, befattning, jobbtitel, poste, fonction, cargo, beruf, berufsbezeichnung, funktion',
  city: 'city, town, stadt, ort, wohnort, stad, ville, ciudad, citta, billing city, mailing city',
  country:
    'country, country code, country region, land, landskod, pays, pais, paese, billing country, mailing country, default address country code',
  language: 'language, preferred language, locale, sprache, sprak, langue, idioma, lingua',
  time_zone: 'time zone, timezone, zeitzone, tidszon, fuseau horaire',
  tags: 'tags, tag, labels, schlagworte, taggar, etiquettes, etiquetas',
  created_at:
    'created at, created, created on, created date, create date, created time, creation date, date created, date added, added time, added on, signup date, sign up date, signed up at, registered at, registration date, erstellt am, erstellt, angelegt am, skapad, skapad datum, date de creation, date d inscription, fecha de creacion, submitted at, created utc',
  email_consent:
    'accepts marketing, accepts email marketing, email consent, email marketing consent, email marketing, marketing consent, email opt in, email optin, opt in, optin, opted in, newsletter, newsletter opt in, subscribed, subscribed to newsletter, marketing allowed, marketing permission, einwilligung, newsletter einwilligung, samtycke, nyhetsbrev',
  email_unsubscribed:
    'unsubscribed, email unsubscribed, unsubscribed from all email, unsubscribed from email, email opt out, email optout, opt out, optout, opted out, opted out of email, has opted out of email, email blacklisted, blacklisted, do not email, do not contact, email disabled, suppressed, abgemeldet, avregistrerad, desabonne, desinscrit',
  email_consent_at:
    'optin time, opt in time, opt in date, optin date, email consent at, consent date, consent timestamp, confirm time, subscribed at, subscribed on, date subscribed',
  email_unsubscribed_at:
    'unsub time, unsubscribed at, unsubscribed on, unsubscribe date, opt out date, optout time',
  sms_consent:
    'accepts sms marketing, sms consent, sms marketing, sms marketing consent, sms opt in, sms optin',
  sms_unsubscribed: 'sms blacklisted, sms unsubscribed, sms opt out, sms optout, do not text',
  sms_consent_at: 'sms optin time, sms opt in time, sms opt in date, sms consent at, sms consent date',
}

const targets = new Map<string, ImportTarget>()
for (const [target, list] of Object.entries(words) as [ImportTarget, string][]) {
  for (const word of list.split(',')) targets.set(headerWords(word), target)
}
