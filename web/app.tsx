// The map of the web app: every address and the page behind it.
//
// How a page is added:
//   1. `pages/<screen>/<screen>.tsx` exports its component, say `LeadsPage`; all it needs beside it lies in that folder.
//      It starts with <PageHeader>, reads with useCall / useCallPages, writes with useWrite (queries.ts), and shows
//      loading, problem and emptiness with <Answer>, <EmptyState> (ui/states.tsx).
//   2. Here: a route below `workspaceRoute` with `component: page(() => import('./pages/leads/leads.tsx'), 'LeadsPage')`,
//      which makes it a chunk of its own; `validateSearch` where its filters stand in the address. Then into `routeTree`.
//   3. If people should find it: one entry in shell/menu.ts gives it its place in the navigation, its keys and its line
//      in the command palette.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { RootFrame } from './shell/root-frame.tsx'
import { Shell } from './shell/shell.tsx'
import { conversionsAddress } from './pages/conversions/address.ts'
import { deliveriesAddress } from './pages/deliveries/address.ts'
import { eventsAddress } from './pages/events/address.ts'
import { formAddress } from './pages/forms/address.ts'
import { leadAddress } from './pages/lead/address.ts'
import { leadsAddress } from './pages/leads/address.ts'
import { analyticsAddress } from './pages/analytics/address.ts'
import { segmentAddress } from './pages/segments/address.ts'
import { cartsAddress, customersAddress, ordersAddress, productsAddress } from './pages/shop/address.ts'
import { auditAddress } from './pages/settings/audit-address.ts'
import { CrashPage, MissingPage } from './shell/stray-pages.tsx'
import { Loading } from './ui/states.tsx'

const page = lazyRouteComponent

const rootRoute = createRootRoute({ component: RootFrame, notFoundComponent: MissingPage })

const entryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: page(() => import('./pages/entry/entry.tsx'), 'EntryPage'),
})

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  component: page(() => import('./pages/welcome/welcome.tsx'), 'WelcomePage'),
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  /** `next`: where to go afterwards, a path of this app */
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && /^\/[^/\\]/.test(search.next) ? { next: search.next } : {},
  component: page(() => import('./pages/sign-in/sign-in.tsx'), 'SignInPage'),
})

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: page(() => import('./pages/forgot-password/forgot-password.tsx'), 'ForgotPasswordPage'),
})

const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: page(() => import('./pages/reset-password/reset-password.tsx'), 'ResetPasswordPage'),
})

const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/confirm-email',
  component: page(() => import('./pages/confirm-email/confirm-email.tsx'), 'ConfirmEmailPage'),
})

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: page(() => import('./pages/invitation/invitation.tsx'), 'InvitationPage'),
})

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/w/$workspace',
  // Not fetched apart: nearly every visit begins in a workspace, and its frame is the first paint.
  component: Shell,
})

const dashboardRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { days?: 7 | 90 } =>
    search.days === 7 || search.days === 90 ? { days: search.days } : {},
  component: page(() => import('./pages/dashboard/dashboard.tsx'), 'DashboardPage'),
})

const analyticsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/analytics',
  validateSearch: analyticsAddress,
  component: page(() => import('./pages/analytics/analytics.tsx'), 'AnalyticsPage'),
})

const leadsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/leads',
  validateSearch: leadsAddress,
  component: page(() => import('./pages/leads/leads.tsx'), 'LeadsPage'),
})

const leadRoute = createRoute({
  getParentRoute: () => leadsRoute,
  path: '/$id',
  validateSearch: leadAddress,
  component: page(() => import('./pages/lead/lead.tsx'), 'LeadPage'),
})

const duplicatesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/leads/duplicates',
  component: page(() => import('./pages/duplicates/duplicates.tsx'), 'DuplicatesPage'),
})

const bulkRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/leads/bulk',
  component: page(() => import('./pages/bulk/bulk.tsx'), 'BulkPage'),
})

const erasedRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/leads/erased',
  component: page(() => import('./pages/erased/erased.tsx'), 'ErasedPage'),
})

const segmentsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/segments',
  component: page(() => import('./pages/segments/segments.tsx'), 'SegmentsPage'),
})

const newSegmentRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/segments/new',
  component: page(() => import('./pages/segments/editor.tsx'), 'NewSegmentPage'),
})

const segmentRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/segments/$segmentId',
  validateSearch: segmentAddress,
  component: page(() => import('./pages/segments/segment.tsx'), 'SegmentPage'),
})

const editSegmentRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/segments/$segmentId/edit',
  component: page(() => import('./pages/segments/editor.tsx'), 'EditSegmentPage'),
})

const consentRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/consent',
  component: page(() => import('./pages/consent/consent.tsx'), 'ConsentPage'),
})

const purposeRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/consent/$purpose',
  component: page(() => import('./pages/consent/purpose.tsx'), 'PurposePage'),
})

const eventsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/events',
  validateSearch: eventsAddress,
  component: page(() => import('./pages/events/events.tsx'), 'EventsPage'),
})

const startRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/start',
  component: page(() => import('./pages/start/start.tsx'), 'StartPage'),
})

const formsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/forms',
  component: page(() => import('./pages/forms/forms.tsx'), 'FormsPage'),
})

const formRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/forms/$formId',
  validateSearch: formAddress,
  component: page(() => import('./pages/forms/form.tsx'), 'FormPage'),
})

const inboundWebhooksRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/inbound-webhooks',
  component: page(() => import('./pages/inbound-webhooks/inbound-webhooks.tsx'), 'InboundWebhooksPage'),
})

const inboundWebhookRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/inbound-webhooks/$webhookId',
  component: page(() => import('./pages/inbound-webhooks/inbound-webhook.tsx'), 'InboundWebhookPage'),
})

const importsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/imports',
  component: page(() => import('./pages/imports/imports.tsx'), 'ImportsPage'),
})

const importRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/imports/$importId',
  component: page(() => import('./pages/imports/import.tsx'), 'ImportPage'),
})

const integrationsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/integrations',
  component: page(() => import('./pages/integrations/integrations.tsx'), 'IntegrationsPage'),
})

const connectionRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/integrations/$connectionId',
  component: page(() => import('./pages/integrations/connection.tsx'), 'ConnectionPage'),
})

const sentSessionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/conversions/sessions',
  validateSearch: conversionsAddress,
  component: page(() => import('./pages/conversions/sessions.tsx'), 'SessionsPage'),
})

const shopRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/shop',
  component: page(() => import('./pages/shop/shop.tsx'), 'ShopPage'),
})

const shopCustomersRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/shop/customers',
  validateSearch: customersAddress,
  component: page(() => import('./pages/shop-customers/customers.tsx'), 'CustomersPage'),
})

const shopCustomerRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/shop/customers/$customerId',
  component: page(() => import('./pages/shop-customers/customer.tsx'), 'CustomerPage'),
})

const shopOrdersRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/shop/orders',
  validateSearch: ordersAddress,
  component: page(() => import('./pages/shop-orders/orders.tsx'), 'OrdersPage'),
})

const shopProductsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/shop/products',
  validateSearch: productsAddress,
  component: page(() => import('./pages/shop-products/products.tsx'), 'ProductsPage'),
})

const shopCartsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/shop/carts',
  validateSearch: cartsAddress,
  component: page(() => import('./pages/shop-carts/carts.tsx'), 'CartsPage'),
})

const leadSourcesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/lead-sources',
  component: page(() => import('./pages/lead-sources/lead-sources.tsx'), 'LeadSourcesPage'),
})

const leadSourceRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/lead-sources/$connectionId',
  component: page(() => import('./pages/lead-sources/source.tsx'), 'LeadSourcePage'),
})

const conversionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/conversions',
  validateSearch: conversionsAddress,
  component: page(() => import('./pages/conversions/conversions.tsx'), 'ConversionsPage'),
})

const deliveriesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/deliveries',
  validateSearch: deliveriesAddress,
  component: page(() => import('./pages/deliveries/deliveries.tsx'), 'DeliveriesPage'),
})

const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/settings',
  component: page(() => import('./pages/settings/settings.tsx'), 'SettingsPage'),
})

const settingsPages = [
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/',
    component: page(() => import('./pages/settings/workspace.tsx'), 'WorkspaceSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/team',
    component: page(() => import('./pages/settings/team.tsx'), 'TeamSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/mail',
    component: page(() => import('./pages/settings/mail.tsx'), 'MailSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/fields',
    component: page(() => import('./pages/settings/fields/fields.tsx'), 'FieldSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/scoring',
    component: page(() => import('./pages/settings/scoring/scoring.tsx'), 'ScoringSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/predictive',
    component: page(() => import('./pages/settings/predictive/predictive.tsx'), 'PredictiveSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/journey',
    component: page(() => import('./pages/settings/journey/journey.tsx'), 'JourneySettingsPage'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/lifecycle',
    component: page(() => import('./pages/settings/lifecycle/lifecycle.tsx'), 'LifecycleSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/attribution',
    component: page(() => import('./pages/settings/attribution/attribution.tsx'), 'AttributionSettingsPage'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/tracking',
    component: page(() => import('./pages/settings/tracking.tsx'), 'TrackingSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/api-keys',
    component: page(() => import('./pages/settings/api-keys.tsx'), 'ApiKeySettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/webhooks',
    component: page(() => import('./pages/webhooks/webhooks.tsx'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/webhooks/$webhookId',
    component: page(() => import('./pages/webhooks/webhook.tsx'), 'WebhookPage'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/demo',
    component: page(() => import('./pages/settings/demo.tsx'), 'DemoSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/audit',
    validateSearch: auditAddress,
    component: page(() => import('./pages/settings/audit.tsx'), 'AuditSettings'),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: '/account',
    component: page(() => import('./pages/settings/account.tsx'), 'AccountSettings'),
  }),
] as const

const routeTree = rootRoute.addChildren([
  entryRoute,
  welcomeRoute,
  signInRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  confirmEmailRoute,
  invitationRoute,
  workspaceRoute.addChildren([
    dashboardRoute,
    analyticsRoute,
    leadsRoute.addChildren([leadRoute]),
    duplicatesRoute,
    bulkRoute,
    erasedRoute,
    segmentsRoute,
    newSegmentRoute,
    segmentRoute,
    editSegmentRoute,
    consentRoute,
    purposeRoute,
    eventsRoute,
    startRoute,
    formsRoute,
    formRoute,
    inboundWebhooksRoute,
    inboundWebhookRoute,
    importsRoute,
    importRoute,
    integrationsRoute,
    connectionRoute,
    shopRoute,
    shopCustomersRoute,
    shopCustomerRoute,
    shopOrdersRoute,
    shopProductsRoute,
    shopCartsRoute,
    leadSourcesRoute,
    leadSourceRoute,
    conversionsRoute,
    sentSessionsRoute,
    deliveriesRoute,
    settingsRoute.addChildren(settingsPages),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: CrashPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
