// How the log's columns give what a history says of an event; written once, so that memory and ClickHouse read the same.

/** What is dated after it came in counts from when it came in. */
export const momentSql = 'least(occurred_at, received_at)'

/** Days since 1970 in the zone of the parameter `zone`. */
export const dayColumn = `toInt32(toDate32(${momentSql}, {zone:String}))`

/** The property that names what an event was about, by the event's name; all others are about their page. */
const ASSET_PROPERTIES: Record<string, readonly string[]> = {
  product_id: ['product_viewed', 'product_added', 'product_removed'],
  url: ['email_link_clicked', 'sms_link_clicked'],
  message_id: ['email_opened', 'email_delivered', 'email_bounced'],
  content_id: ['content_downloaded', 'webinar_attended'],
  form_id: ['form_submitted'],
}

/** What an event was about: a product, a link, a message, a piece of content, a form, or else its page. */
export const assetSql = `multiIf(${Object.entries(ASSET_PROPERTIES)
  .map(
    ([property, names]) =>
      `name in (${names.map((name) => `'${name}'`).join(', ')}) and JSONHas(properties, '${property}'), ` +
      `JSONExtractString(properties, '${property}')`,
  )
  .join(', ')}, page_path)`
