// What somebody did, as the middle of a sentence: `placed an order`, and after "did not", `place an order`.

/** The words for an event, as it was done and as it was not. A sender's own name stands in quotation marks. */
export function deedWords(event: string): { did: string; doIt: string } {
  const words = deeds.get(event)
  return words ? { did: words[0], doIt: words[1] } : { did: `did “${event}”`, doIt: `do “${event}”` }
}

const deeds = new Map<string, readonly [string, string]>(
  Object.entries({
    page_viewed: ['viewed a page', 'view a page'],
    screen_viewed: ['viewed a screen', 'view a screen'],
    form_submitted: ['submitted a form', 'submit a form'],
    demo_requested: ['requested a demo', 'request a demo'],
    meeting_booked: ['booked a meeting', 'book a meeting'],
    content_downloaded: ['downloaded content', 'download content'],
    webinar_attended: ['attended a webinar', 'attend a webinar'],
    signed_up: ['signed up', 'sign up'],
    signed_in: ['signed in', 'sign in'],
    products_searched: ['searched products', 'search products'],
    product_list_viewed: ['viewed a product list', 'view a product list'],
    product_viewed: ['viewed a product', 'view a product'],
    product_added: ['added to the cart', 'add to the cart'],
    product_removed: ['removed from the cart', 'remove from the cart'],
    cart_viewed: ['viewed the cart', 'view the cart'],
    checkout_started: ['started checkout', 'start checkout'],
    order_completed: ['placed an order', 'place an order'],
    order_updated: ['had an order changed', 'have an order changed'],
    order_refunded: ['had an order refunded', 'have an order refunded'],
    order_cancelled: ['had an order cancelled', 'have an order cancelled'],
    email_delivered: ['received an e-mail', 'receive an e-mail'],
    email_opened: ['opened an e-mail', 'open an e-mail'],
    email_link_clicked: ['clicked in an e-mail', 'click in an e-mail'],
    email_bounced: ['had an e-mail bounce', 'have an e-mail bounce'],
    unsubscribed: ['unsubscribed', 'unsubscribe'],
    consent_changed: ['changed a consent', 'change a consent'],
    identified: ['was identified', 'get identified'],
    grouped: ['joined a group', 'join a group'],
    aliased: ['linked an identity', 'link an identity'],
    lead_created: ['was created', 'get created'],
    lead_imported: ['was imported', 'get imported'],
    lead_updated: ['was edited', 'get edited'],
    lead_merged: ['was merged', 'get merged'],
    lead_unmerged: ['had a merge undone', 'have a merge undone'],
    lead_binned: ['was moved to the bin', 'get moved to the bin'],
    lead_restored: ['was restored from the bin', 'get restored from the bin'],
    order_taken_out: ['had an order taken out with its import', 'have an order taken out with its import'],
    note_added: ['got a note', 'get a note'],
  } satisfies Record<string, [string, string]>),
)
