// The words that generated shops are made of: invented people and goods.

export const FIRST_NAMES = [
  'Anna',
  'Jörg',
  'Maria',
  'Élodie',
  'Tomáš',
  'Sophie',
  'Björn',
  'Zoë',
  'Paul',
  'Lena',
  'Karl',
  'Inés',
  'Mia',
  'Noah',
  'Emma',
  'Felix',
  'Clara',
  'Jakob',
  'Ida',
  'Oskar',
  'Nora',
  'Hugo',
  'Greta',
  'Emil',
  'Frida',
  'Anton',
  'Olga',
  'Leo',
] as const

export const LAST_NAMES = [
  'Gruber',
  'Müller',
  'Huber',
  'Lefèvre',
  'Novák',
  'Østergaard',
  'Bauer',
  'Wagner',
  'Pichler',
  'Steiner',
  'Moser',
  'García',
  'Smith',
  'Brown',
  'Taylor',
  'Hofer',
  'Leitner',
  'Berger',
  'Fuchs',
  'Eder',
  'Fischer',
  'Schmid',
  'Winkler',
  'Weber',
  'Schwarz',
  'Maier',
  'Reiter',
  'Mayr',
  'Lang',
  'Baumgartner',
  'Auer',
  'Wolf',
  'Egger',
  'Lechner',
  'Wallner',
] as const

export const PLACES = [
  place('Ringstraße', 'Wien', '1010', 'Austria', 'AT'),
  place('Hauptplatz', 'Graz', '8010', 'Austria', 'AT'),
  place('Lindenweg', 'Berlin', '10115', 'Germany', 'DE'),
  place('Marktgasse', 'München', '80331', 'Germany', 'DE'),
  place('Bahnhofstrasse', 'Zürich', '8001', 'Switzerland', 'CH'),
  place('Rue de la Paix', 'Paris', '75002', 'France', 'FR'),
  place('High Street', 'London', 'M1 1AE', 'United Kingdom', 'GB'),
  place('Main Street', 'Springfield', '62701', 'United States', 'US'),
] as const

export const GOODS = [
  { name: 'Blanket', type: 'Home', cents: 5900 },
  { name: 'Mug', type: 'Kitchen', cents: 1400 },
  { name: 'Lamp', type: 'Home', cents: 8900 },
  { name: 'Backpack', type: 'Bags', cents: 7900 },
  { name: 'Notebook', type: 'Paper', cents: 900 },
  { name: 'Scarf', type: 'Clothes', cents: 3900 },
  { name: 'Jacket', type: 'Clothes', cents: 14900 },
  { name: 'Kettle', type: 'Kitchen', cents: 4900 },
  { name: 'Vase', type: 'Home', cents: 2900 },
  { name: 'Bottle', type: 'Kitchen', cents: 2400 },
] as const

export const MATERIALS = ['Wool', 'Linen', 'Oak', 'Copper', 'Glass', 'Cork'] as const

export const SIZES = ['Small', 'Medium', 'Large']

export const CAMPAIGNS = [
  visit('Google', 'https://www.google.com/', 'google', 'cpc', 'brand', 'gclid=EAIaIQobChMI'),
  visit('Facebook', 'https://www.facebook.com/', 'facebook', 'paid_social', 'spring', 'fbclid=IwAR0abc'),
  visit('Newsletter', null, 'newsletter', 'email', 'april', ''),
  visit('direct', null, null, '', '', ''),
  visit('Google', 'https://www.google.com/', null, '', '', ''),
] as const

function place(street: string, city: string, zip: string, country: string, countryCode: string) {
  return { street, rest: { city, zip, country, countryCode } }
}

function visit(
  source: string,
  referrer: string | null,
  utmSource: string | null,
  medium: string,
  campaign: string,
  click: string,
) {
  const utm = utmSource === null ? null : { source: utmSource, medium, campaign }
  const query = [utm && `utm_source=${utm.source}&utm_medium=${medium}&utm_campaign=${campaign}`, click]
  const search = query.filter(Boolean).join('&')
  return { source, referrer, utm, landingPage: `https://shop.example/${search === '' ? '' : `?${search}`}` }
}
