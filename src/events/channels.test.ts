// Which channel an event is credited to, and by which rule.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelOf } from './channels.ts'
import { channels, type Origin } from './touch.ts'

const shop = 'https://www.orm.se/p/1'
const at = (query: string, referrer?: string): Origin => ({ pageUrl: `${shop}?${query}`, referrer })

const cases: [
  string,
  Origin,
  ReturnType<typeof channelOf>['channel'],
  string | null,
  string | null,
  string,
][] = [
  // UTM parameters, by the channel definitions of Google Analytics 4
  [
    'a tagged search ad',
    at('utm_source=Google&utm_medium=CPC&utm_campaign=Brand'),
    'Paid Search',
    'google',
    'cpc',
    'utm:paid_search',
  ],
  [
    'a tagged social ad',
    at('utm_source=ig&utm_medium=paid_social'),
    'Paid Social',
    'ig',
    'paid_social',
    'utm:paid_social',
  ],
  [
    'a tagged video ad',
    at('utm_source=youtube.com&utm_medium=cpv'),
    'Paid Video',
    'youtube.com',
    'cpv',
    'utm:paid_video',
  ],
  [
    'a tagged shopping ad',
    at('utm_source=google&utm_medium=cpc&utm_campaign=Shopping%20SE'),
    'Paid Shopping',
    'google',
    'cpc',
    'utm:paid_shopping',
  ],
  [
    'a workshop that is no shop',
    at('utm_source=google&utm_medium=cpc&utm_campaign=workday'),
    'Paid Search',
    'google',
    'cpc',
    'utm:paid_search',
  ],
  [
    'a performance max campaign',
    at('utm_source=google&utm_medium=cpc&utm_campaign=PMax-EU'),
    'Cross-network',
    'google',
    'cpc',
    'utm:cross_network',
  ],
  ['a banner', at('utm_source=news&utm_medium=banner'), 'Display', 'news', 'banner', 'utm:display'],
  [
    'another paid link',
    at('utm_source=podcast&utm_medium=paid'),
    'Paid Other',
    'podcast',
    'paid',
    'utm:paid_other',
  ],
  [
    'a mailing',
    at('utm_source=spring&utm_medium=email&utm_campaign=shop-news'),
    'Email',
    'spring',
    'email',
    'utm:email',
  ],
  ['a mailing tool alone', at('utm_source=klaviyo'), 'Email', 'klaviyo', null, 'utm:email'],
  ['a text message', at('utm_source=sms&utm_medium=text'), 'SMS', 'sms', 'text', 'utm:sms'],
  [
    'an affiliate',
    at('utm_source=adtraction&utm_medium=affiliate'),
    'Affiliates',
    'adtraction',
    'affiliate',
    'utm:affiliates',
  ],
  ['an audio spot', at('utm_source=spotify&utm_medium=audio'), 'Audio', 'spotify', 'audio', 'utm:audio'],
  [
    'a push message',
    at('utm_source=app&utm_medium=webpush'),
    'Mobile Push',
    'app',
    'webpush',
    'utm:mobile_push',
  ],
  [
    'an own post',
    at('utm_source=linkedin&utm_medium=post'),
    'Organic Social',
    'linkedin',
    'post',
    'utm:organic_social',
  ],
  [
    'an own video',
    at('utm_source=blog&utm_medium=video'),
    'Organic Video',
    'blog',
    'video',
    'utm:organic_video',
  ],
  [
    'a shopping listing',
    at('utm_source=prisjakt&utm_medium=listing'),
    'Organic Shopping',
    'prisjakt',
    'listing',
    'utm:organic_shopping',
  ],
  [
    'an organic listing',
    at('utm_source=google&utm_medium=organic'),
    'Organic Search',
    'google',
    'organic',
    'utm:organic_search',
  ],
  [
    'a partner link',
    at('utm_source=partner&utm_medium=referral'),
    'Referral',
    'partner',
    'referral',
    'utm:referral',
  ],
  [
    'an assistant that tags its links',
    at('utm_source=chatgpt.com'),
    'AI Assistant',
    'chatgpt.com',
    null,
    'utm:ai_assistant',
  ],
  [
    'words that no rule knows',
    at('utm_source=foo&utm_medium=bar'),
    'Unassigned',
    'foo',
    'bar',
    'utm:unassigned',
  ],
  ['an empty tag', at('utm_source=&utm_medium=(not%20set)'), 'Direct', '(direct)', '(none)', 'direct'],
  [
    'tags beside another referrer',
    at('utm_source=x&utm_medium=social', 'https://www.google.com/'),
    'Organic Social',
    'x',
    'social',
    'utm:organic_social',
  ],
  [
    'a campaign in the context',
    { pageUrl: shop, campaign: { name: 'Spring', source: 'Bing', medium: 'ppc' } },
    'Paid Search',
    'bing',
    'ppc',
    'utm:paid_search',
  ],
  [
    'a name and a click id',
    at('utm_campaign=Brand&gclid=abc'),
    'Paid Search',
    'google',
    'cpc',
    'utm:paid_search',
  ],
  [
    'a click id of another vendor',
    at('utm_source=newsletter&gclid=abc'),
    'Email',
    'newsletter',
    null,
    'utm:email',
  ],
  // click ids
  ['a click on a search ad', at('gclid=abc'), 'Paid Search', 'google', 'cpc', 'click_id:gclid'],
  ['a click from an app', at('a=b&wbraid=abc'), 'Paid Search', 'google', 'cpc', 'click_id:wbraid'],
  [
    'a click kept by the tracker',
    { pageUrl: shop, clickIds: { msclkid: 'x' } },
    'Paid Search',
    'bing',
    'cpc',
    'click_id:msclkid',
  ],
  ['a click on a TikTok ad', at('ttclid=x'), 'Paid Social', 'tiktok', 'cpc', 'click_id:ttclid'],
  ['a click on a LinkedIn ad', at('li_fat_id=x'), 'Paid Social', 'linkedin', 'cpc', 'click_id:li_fat_id'],
  [
    'fbclid, which is no proof of an ad',
    at('fbclid=x', 'https://l.facebook.com/'),
    'Organic Social',
    'facebook',
    'social',
    'click_id:fbclid',
  ],
  [
    'fbclid from Instagram',
    at('fbclid=x', 'https://l.instagram.com/'),
    'Organic Social',
    'instagram',
    'social',
    'click_id:fbclid',
  ],
  ['an ad click beside fbclid', at('fbclid=x&gclid=y'), 'Paid Search', 'google', 'cpc', 'click_id:gclid'],
  ['a parameter that only ends like one', at('xgclid=y'), 'Direct', '(direct)', '(none)', 'direct'],
  // referrers
  [
    'a search',
    { pageUrl: shop, referrer: 'https://www.google.co.uk/' },
    'Organic Search',
    'google',
    'organic',
    'referrer:search',
  ],
  [
    'a search from the app',
    { pageUrl: shop, referrer: 'android-app://com.google.android.googlequicksearchbox/' },
    'Organic Search',
    'google',
    'organic',
    'referrer:search',
  ],
  [
    'a shared document, no search',
    { pageUrl: shop, referrer: 'https://docs.google.com/d/1' },
    'Referral',
    'docs.google.com',
    'referral',
    'referrer:site',
  ],
  [
    'a host that only looks like one',
    { pageUrl: shop, referrer: 'https://google.com.evil.io/' },
    'Referral',
    'google.com.evil.io',
    'referral',
    'referrer:site',
  ],
  [
    'a social network',
    { pageUrl: shop, referrer: 'https://t.co/xyz' },
    'Organic Social',
    'x',
    'social',
    'referrer:social',
  ],
  [
    'a video site',
    { pageUrl: shop, referrer: 'https://m.youtube.com/watch?v=1' },
    'Organic Video',
    'youtube',
    'referral',
    'referrer:video',
  ],
  [
    'a marketplace',
    { pageUrl: shop, referrer: 'https://www.amazon.de/dp/1' },
    'Organic Shopping',
    'amazon',
    'referral',
    'referrer:shopping',
  ],
  [
    'an assistant',
    { pageUrl: shop, referrer: 'https://www.perplexity.ai/search' },
    'AI Assistant',
    'perplexity',
    'referral',
    'referrer:ai',
  ],
  [
    'an assistant of a search engine',
    { pageUrl: shop, referrer: 'https://gemini.google.com/' },
    'AI Assistant',
    'gemini',
    'referral',
    'referrer:ai',
  ],
  [
    'a webmail',
    { pageUrl: shop, referrer: 'https://mail.google.com/' },
    'Email',
    'gmail',
    'email',
    'referrer:webmail',
  ],
  [
    'another site',
    { pageUrl: shop, referrer: 'https://www.blogg.se/inlagg' },
    'Referral',
    'blogg.se',
    'referral',
    'referrer:site',
  ],
  ['nothing', { pageUrl: shop, referrer: '' }, 'Direct', '(direct)', '(none)', 'direct'],
  // no touch
  [
    'the page before on the same site',
    { pageUrl: shop, referrer: 'https://blog.orm.se/' },
    null,
    null,
    null,
    'own_domain',
  ],
  [
    'a second domain of the company',
    { pageUrl: shop, referrer: 'https://shop.orm-store.com/', ownDomains: ['orm-store.com'] },
    null,
    null,
    null,
    'own_domain',
  ],
  [
    'a page inside a visit that began with an ad',
    { pageUrl: shop, referrer: shop, clickIds: { gclid: 'x' } },
    null,
    null,
    null,
    'own_domain',
  ],
  [
    'another customer of the hosting domain',
    { pageUrl: 'https://a.myshopify.com/', referrer: 'https://b.myshopify.com/' },
    'Referral',
    'b.myshopify.com',
    'referral',
    'referrer:site',
  ],
  [
    'the way back from paying',
    { pageUrl: shop, referrer: 'https://www.paypal.com/checkout' },
    null,
    null,
    null,
    'payment_return',
  ],
  [
    'the way back from signing in',
    { pageUrl: shop, referrer: 'https://accounts.google.com/' },
    null,
    null,
    null,
    'sign_in_return',
  ],
  ['a server call', {}, null, null, null, 'no_context'],
]

describe('an event is credited to the channel that brought it', () => {
  it.each(cases)('%s', (_, origin, channel, source, medium, rule) => {
    const result = channelOf(origin)
    expect(result).toEqual({ ...result, channel, source, medium, rule })
  })

  it('keeps campaign, term and content as they were written', () => {
    const { campaign, term, content } = channelOf(
      at('utm_source=x&utm_campaign=V%C3%A5r+2024&utm_term=Skor&utm_content=%20B%20'),
    )
    expect({ campaign, term, content }).toEqual({ campaign: 'Vår 2024', term: 'Skor', content: 'B' })
  })

  it('reads whatever a page may send without failing', () => {
    const url = fc.oneof(
      fc.webUrl({ withQueryParameters: true }),
      fc.string({ unit: 'binary' }),
      fc.constant(`${shop}?utm_source=%E0%A4%A`),
    )
    fc.assert(
      fc.property(url, url, (pageUrl, referrer) => {
        const { channel, rule } = channelOf({ pageUrl, referrer })
        expect(channel === null || channels.includes(channel)).toBe(true)
        expect(rule).not.toBe('')
      }),
    )
  })
})
