// Where demo people live: real countries and zones, invented towns, names common there, and telephone numbers set aside for fiction.

export interface Country {
  code: string
  share: number
  /** language tags with their shares */
  locales: readonly [string, number][]
  zones: readonly [string, number][]
  towns: readonly string[]
  names: NameList
  /** consent has to be asked for (EEA, UK, Switzerland) */
  asksConsent: boolean
  /** the n-th number set aside for fiction in E.164; null where there is none, or none left */
  phone: (n: number) => string | null
}

interface NameList {
  first: readonly string[]
  last: readonly string[]
}

const words = (text: string): string[] => text.trim().split(/\s+/)
const lines = (text: string): string[] => text.split(',').map((line) => line.trim())

const english: NameList = {
  first:
    words(`Olivia Noah Emma Liam Ava Ethan Mia Lucas Grace Henry Chloe Jack Ruby Owen Zoe Samuel Hannah Daniel Nora
    Caleb Leah Isaac Maya Adrian Tessa Marcus Ivy Julian Priya Omar Naomi Felix`),
  last: words(`Carter Bennett Hughes Morgan Reed Foster Hayes Griffin Palmer Warren Holland Mercer Whitaker Sutton Lowe
    Barrett Osborne Pryor Delgado Okafor Nguyen Kaur Ellison Thorne Winslow Ashby Calder Renwick Marlow Fairley`),
}
const german: NameList = {
  first:
    words(`Anna Lukas Marie Jonas Lena Felix Sophie Paul Laura Maximilian Johanna Tobias Katharina Moritz Clara
    Sebastian Miriam Florian Elif Deniz Greta Anton`),
  last: words(`Keller Brandt Vogel Lindner Hartmann Seidel Roth Winter Bergmann Ebert Albrecht Kaiser Pohl Steiner Yilmaz
    Huber Reuter Falk Nowak Wieland Arnold Haas`),
}
const french: NameList = {
  first:
    words(`Camille Hugo Manon Louis Chloe Jules Lea Arthur Ines Gabriel Juliette Nathan Sarah Antoine Elise Mathis
    Nadia Theo`),
  last: words(`Moreau Lefebvre Girard Mercier Blanchard Roussel Fontaine Chevalier Renard Marchand Perrin Benali Lemoine
    Aubert Gauthier Charpentier Delorme Vasseur`),
}
const dutch: NameList = {
  first: words('Sanne Daan Lotte Bram Fleur Thijs Eva Sem Noor Ruben Iris Jesse Femke Stijn'),
  last: words(
    'Visser Smit Meijer Mulder Bakker Kuipers Vermeer Hoekstra Postma Willems Kramer Dekker Schouten',
  ),
}
const swedish: NameList = {
  first: words('Elsa Oscar Alva Axel Linnea Viktor Maja Emil Saga Anton Freja Nils Ebba Albin'),
  last: words(
    'Lindberg Sandell Nyman Ekholm Wallin Forsberg Hedlund Dahlin Sjoberg Norling Bergstrand Engdahl',
  ),
}
const spanish: NameList = {
  first: words('Lucia Mateo Sofia Pablo Carmen Diego Elena Javier Marta Alvaro Irene Sergio Paula Ivan'),
  last: words(
    'Navarro Serrano Molina Ortega Delgado Castro Vidal Rubio Marin Iglesias Cortes Herrera Prieto',
  ),
}
const italian: NameList = {
  first: words('Giulia Lorenzo Chiara Matteo Martina Alessandro Elisa Davide Sara Tommaso Irene Pietro'),
  last: words('Conti Gallo Marini Ferrara Rinaldi Caruso Villa Fabbri Leone Martelli Sartori Bellini'),
}
const portuguese: NameList = {
  first: words('Beatriz Rafael Larissa Thiago Camila Gustavo Juliana Bruno Fernanda Leandro'),
  last: words('Almeida Barbosa Cardoso Teixeira Moreira Pacheco Duarte Siqueira Tavares Queiroz'),
}
const indian: NameList = {
  first: words('Ananya Arjun Diya Rohan Ishita Vikram Kavya Aditya Meera Karan'),
  last: words('Sharma Iyer Menon Kapoor Reddy Bose Nair Chatterjee Desai Rao'),
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')
const none = (): null => null

// 555-0100 to 555-0199 in every area code (https://nationalnanpa.com/number_resource_info/555_numbers.html).
function northAmerican(areas: readonly string[]): Country['phone'] {
  return (n) => {
    const area = areas[n % areas.length]
    const line = Math.floor(n / areas.length)
    return area && line < 100 ? `+1${area}5550${digits(100 + line, 3)}` : null
  }
}
const areasUs = words(
  `212 415 312 206 617 303 512 404 602 503 615 704 919 216 314 412 414 612 702 713 801 813 816 858 901 913`,
)
const areasCanada = words('416 604 514 403 613 902 204')

function block(prefix: string, length: number, first = 0): Country['phone'] {
  return (n) => (first + n < 10 ** length ? `+${prefix}${digits(first + n, length)}` : null)
}

/** Shares add up to 1. */
export const countries: readonly Country[] = [
  {
    code: 'US',
    share: 0.36,
    locales: [
      ['en-US', 0.94],
      ['es-US', 0.06],
    ],
    zones: [
      ['America/New_York', 0.47],
      ['America/Chicago', 0.28],
      ['America/Denver', 0.07],
      ['America/Los_Angeles', 0.18],
    ],
    towns: lines(
      'Port Calloway, Ellisburg Falls, Harlan Bay, New Thornbury, Cedar Quay, Mount Averill, Larkhaven',
    ),
    names: english,
    asksConsent: false,
    phone: northAmerican(areasUs),
  },
  {
    code: 'GB',
    share: 0.13,
    locales: [['en-GB', 1]],
    zones: [['Europe/London', 1]],
    towns: lines('Brackenmouth, Upper Wexcombe, Thornleigh-on-Sea, Marlstone, Kingsfordham'),
    names: english,
    asksConsent: true,
    // https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
    phone: block('44207946', 4),
  },
  {
    code: 'DE',
    share: 0.14,
    locales: [
      ['de-DE', 0.95],
      ['en-US', 0.05],
    ],
    zones: [['Europe/Berlin', 1]],
    towns: lines('Eichenhafen, Niederlindach am See, Falkenbrück, Sonnfeld, Altweiler'),
    names: german,
    asksConsent: true,
    // 030 23125 000 to 999: https://www.bundesnetzagentur.de (Mitteilung 148/2021, Rufnummern für Medienproduktionen)
    phone: block('493023125', 3),
  },
  {
    code: 'CA',
    share: 0.07,
    locales: [
      ['en-CA', 0.8],
      ['fr-CA', 0.2],
    ],
    zones: [
      ['America/Toronto', 0.65],
      ['America/Vancouver', 0.35],
    ],
    towns: lines('Lake Ashgrove, Pointe-aux-Saules, North Merrick, Fort Alder'),
    names: english,
    asksConsent: false,
    phone: northAmerican(areasCanada),
  },
  {
    code: 'FR',
    share: 0.07,
    locales: [['fr-FR', 1]],
    zones: [['Europe/Paris', 1]],
    towns: lines('Saint-Aubrac-sur-Orle, Villemarande, Port-Lucien, Montferrand-la-Rive'),
    names: french,
    asksConsent: true,
    // 01 99 00 xx xx: https://www.arcep.fr (numéros pour les œuvres audiovisuelles)
    phone: block('3319900', 4),
  },
  {
    code: 'AU',
    share: 0.05,
    locales: [['en-AU', 1]],
    zones: [
      ['Australia/Sydney', 0.6],
      ['Australia/Melbourne', 0.4],
    ],
    towns: lines('Wattle Harbour, Bellbird Creek, Port Ellery'),
    names: english,
    asksConsent: false,
    // https://www.acma.gov.au/phone-numbers-use-tv-shows-films-and-creative-works
    phone: block('6125550', 4),
  },
  {
    code: 'NL',
    share: 0.05,
    locales: [['nl-NL', 1]],
    zones: [['Europe/Amsterdam', 1]],
    towns: lines('Nieuwerhaven, Oosterdrecht, Wilgenburg'),
    names: dutch,
    asksConsent: true,
    phone: none,
  },
  {
    code: 'SE',
    share: 0.03,
    locales: [['sv-SE', 1]],
    zones: [['Europe/Stockholm', 1]],
    towns: lines('Lindvik, Norra Ekhamn, Solberga strand'),
    names: swedish,
    asksConsent: true,
    // 070-174 06 05 to 99: https://www.pts.se (telefonnummer för böcker och filmer)
    phone: block('467017406', 2, 5),
  },
  {
    code: 'ES',
    share: 0.025,
    locales: [['es-ES', 1]],
    zones: [['Europe/Madrid', 1]],
    towns: lines('Puerto Almendro, Villanueva del Roble, San Telmo de la Sierra'),
    names: spanish,
    asksConsent: true,
    phone: none,
  },
  {
    code: 'IT',
    share: 0.025,
    locales: [['it-IT', 1]],
    zones: [['Europe/Rome', 1]],
    towns: lines('Borgo Ventura, Montalto al Lago, Castelrovere'),
    names: italian,
    asksConsent: true,
    phone: none,
  },
  {
    code: 'CH',
    share: 0.015,
    locales: [
      ['de-CH', 0.7],
      ['fr-CH', 0.3],
    ],
    zones: [['Europe/Zurich', 1]],
    towns: lines('Oberlindental, Seewilen'),
    names: german,
    asksConsent: true,
    phone: none,
  },
  {
    code: 'BR',
    share: 0.02,
    locales: [['pt-BR', 1]],
    zones: [['America/Sao_Paulo', 1]],
    towns: lines('Porto das Palmeiras, Nova Aurora do Vale, Santa Elvira'),
    names: portuguese,
    asksConsent: false,
    phone: none,
  },
  {
    code: 'IN',
    share: 0.015,
    locales: [['en-IN', 1]],
    zones: [['Asia/Kolkata', 1]],
    towns: lines('Neelkanthpur, Chandragiri Nagar, Suryavanam'),
    names: indian,
    asksConsent: false,
    phone: none,
  },
]

const companyFirst =
  words(`Alder Birchwood Copperline Dunmore Eastgate Fernhill Graniteworks Harborview Ironleaf Juniper
  Kestrel Lanternhouse Millbrook Nettlefield Oakhurst Pinecrest Quarryside Ridgeway Silverthorn Tidewater Umberfield
  Valebridge Westmark Yarrow Zephyrine Brightwater Coldspring Driftwood Emberly Foxglove`)
const companySecond =
  words(`Analytics Architects Clinics Consulting Design Dynamics Engineering Foods Freight Labs Legal
  Logistics Media Partners Robotics Schools Software Studios Systems Textiles Travel Works Insurance Energy Biotech`)

/** The n-th invented company and its domain under the reserved top level `.example` (RFC 2606). */
export function companyOf(n: number): { name: string; domain: string } {
  const pairs = companyFirst.length * companySecond.length
  // A step that shares no factor with the number of pairs, so that neighbours differ in both words.
  const pair = (n * 331) % pairs
  const again = Math.floor(n / pairs)
  const suffix = again === 0 ? '' : ` ${again + 1}`
  const name = `${companyFirst[pair % companyFirst.length]} ${companySecond[Math.floor(pair / companyFirst.length)]}${suffix}`
  return { name, domain: `${name.toLowerCase().replaceAll(' ', '-')}.example` }
}

export const jobTitles =
  lines(`Office Manager, Operations Lead, Facilities Manager, Head of People, Procurement Manager,
  Founder, Chief of Staff, Workplace Experience Lead, Executive Assistant, Finance Director, Café Manager`)

/** Domains of private addresses: RFC 2606 keeps them from ever being anybody's. */
export const privateDomains = [
  'example.com',
  'example.net',
  'example.org',
  'mail.example',
  'post.example',
] as const
