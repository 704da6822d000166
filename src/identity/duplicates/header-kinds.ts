// What a column of a file holds, by the words of its header.
import type { Kind } from './kinds.ts'

/** What a header means, beside the kinds of columns: a whole name to be taken apart, or something that is not compared. */
export type HeaderMeaning = Kind | 'full_name' | 'name' | 'id' | 'moment' | 'url'

/** What a header says by itself, or null where it is no word we know. Case, accents, punctuation and `camelCase` do not matter. */
export function meaningOfHeader(header: string): HeaderMeaning | null {
  const words = wordsOf(header)
  const bare = words.replace(
    /^(contact|person|lead|customer|subscriber|billing|shipping|home|primary|main|the|patient|voter|owner|raw|clean) /,
    '',
  )
  return meanings.get(words) ?? meanings.get(bare) ?? patternOf(words)
}

/** A header as words: lower case, without accents, everything else a blank. */
export function wordsOf(header: string): string {
  return header
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const lists: Partial<Record<HeaderMeaning, string>> = {
  first_name:
    'first name, firstname, first, given name, givenname, given, fname, forename, fore name, vorname, fornamn, prenom, nombre, nome, voornaam, etunimi, imie',
  middle_name: 'middle name, middlename, middle, middle initial, mname, second name, midl name, mellannamn',
  last_name:
    'last name, lastname, last, surname, sur name, family name, familyname, lname, nachname, familienname, efternamn, nom, nom de famille, apellido, apellidos, cognome, achternaam, sukunimi, nazwisko',
  full_name:
    'full name, fullname, person name, contact name, display name, first and surname, first and last name, vollstandiger name, nom complet, nombre completo',
  name: 'name, namn, title name, naam, names, label, entity name, legal name text',
  company:
    'company, company name, companyname, organization, organisation, organization name, organisation name, org, org name, account, account name, business, business name, employer, firm, firm name, firma, firmenname, unternehmen, foretag, foretagsnamn, bolag, entreprise, societe, raison sociale, empresa, azienda, bedrijf, legal name, entity legal name, trade name, trading name, dba, dba name, shop name, store name, site name, facility name, provider name, restaurant, restaurant name, hotel name, school name, vendor, vendor name, supplier, supplier name, corporate name, registered name',
  email:
    'email, e mail, mail, email address, e mail address, mail address, emailaddress, work email, primary email, e mail adresse, email adresse, mailadresse, e post, epost, e postadress, mejl, courriel, correo, correo electronico',
  phone:
    'phone, phone number, phonenumber, telephone, telephone number, tel, tel no, phone no, mobile, mobile phone, mobile number, cell, cell phone, cellphone, telefon, telefonnummer, handy, handynummer, mobil, mobilnummer, portable, telefono, movil, whatsapp, work phone, fax, fax number, phone 1, phone 2, landline, contact number',
  birth_date:
    'date of birth, dob, birth date, birthdate, birthday, born, birth, geburtsdatum, geburtstag, fodelsedatum, date de naissance, fecha de nacimiento, data di nascita, bday, born on',
  street:
    'street, address, street address, address line 1, address line 2, address 1, address 2, address1, address2, addr, addr 1, addr 2, line 1, line 2, strasse, adresse, anschrift, gatuadress, adress, rue, direccion, indirizzo, street name, address line, mailing address, postal address, full address, registered address, addressline1, addressline2, reg address address line1, reg address address line2',
  house_number:
    'street number, house number, house no, hausnummer, number, street no, building number, housenumber, streetnumber, unit, unit number, apartment, apt',
  postcode:
    'postcode, post code, postal code, postalcode, zip, zip code, zipcode, plz, postleitzahl, postnummer, code postal, codigo postal, cap, postcode fake, zip5, reg address post code, registered postcode',
  city: 'city, town, suburb, locality, place, stadt, ort, wohnort, stad, ville, ciudad, citta, municipality, post town, posttown, place of birth, birth place, birthplace, birth city, geburtsort, village, borough, city name, reg address post town',
  region:
    'state, region, province, county, state province, bundesland, district, departement, land region, territory, state code, state name, county name, reg address county',
  country:
    'country, country code, land, landskod, pays, pais, paese, nation, nationality, reg address country',
  gender: 'gender, sex, geschlecht, kon, sexe, sexo, salutation, anrede, gender code, sex code',
  website:
    'website, web site, web, domain, homepage, web page, webpage, site, url website, company domain, company website, webbplats, internet',
  government_id:
    'ssn, soc sec id, social security number, social security, national id, national insurance number, nino, tax id, taxid, tax number, vat, vat number, vat id, vat no, ein, tin, steuernummer, ust id, organisationsnummer, org number, org nr, orgnr, company number, companynumber, registration number, company registration number, reg no, duns, duns number, lei, siren, siret, abn, acn, personnummer, personal number, passport, passport number, handelsregisternummer, crn, registered number, national provider identifier, npi',
  code: 'customer number, customer no, member number, kundennummer, account number',
  category: 'type, category, class, kind, status, segment, industry, sector, race, ethnicity, marital status',
  text: 'occupation, job title, jobtitle, profession, beruf, description, notes, note, comment',
  moment:
    'created at, created, created on, created date, date created, create date, creation date, updated, updated at, updated on, last updated, modified, modified at, last modified, timestamp, time, date added, signup date, sign up date, registered at, registration date, last seen, last login, imported at, inserted at, first seen, last activity',
  id: 'id, rec id, record id, recid, unique id, uid, uuid, guid, row, row id, row number, index, idx, key, no, nr, record, record number, entity id, person id, contact id, lead id, customer id, user id, company id, object id, external id',
  url: 'url, link, photo, image, avatar, picture',
}

const meanings = new Map<string, HeaderMeaning>()
for (const [meaning, list] of Object.entries(lists) as [HeaderMeaning, string][]) {
  for (const words of list.split(',')) meanings.set(wordsOf(words), meaning)
}

// Numbered and prefixed forms of the same words: `lname_c1`, `phone2`, `mailing city`.
function patternOf(words: string): HeaderMeaning | null {
  const stripped = words.replace(/ ?\b(c|nr|no|line)? ?\d+$/, '').trim()
  if (stripped !== words && stripped !== '') {
    const found = meanings.get(stripped)
    if (found) return found === 'id' ? null : found
  }
  const last = words.split(' ').slice(-2).join(' ')
  if (last !== words) {
    const found = meanings.get(last)
    if (found && found !== 'id' && found !== 'name') return found
  }
  const tail = words.split(' ').at(-1) ?? ''
  const found = tail === words ? undefined : meanings.get(tail)
  return found && tails.has(found) ? found : null
}

const tails = new Set<HeaderMeaning>([
  'email',
  'phone',
  'postcode',
  'city',
  'country',
  'website',
  'id',
  'company',
  'birth_date',
])
