// Addresses of pages that others link to.

export function leadsPath(workspace: string): string {
  return `/w/${workspace}/leads`
}

export function leadPath(workspace: string, id: string): string {
  return `/w/${workspace}/leads/${id}`
}

export function duplicatesPath(workspace: string): string {
  return `/w/${workspace}/leads/duplicates`
}

export function eventsPath(workspace: string, status?: string): string {
  return status ? `/w/${workspace}/events?status=${status}` : `/w/${workspace}/events`
}

export function importsPath(workspace: string): string {
  return `/w/${workspace}/imports`
}

export function connectionPath(workspace: string, id: string): string {
  return `/w/${workspace}/integrations/${id}`
}

export function webhookPath(workspace: string, id: string): string {
  return `/w/${workspace}/settings/webhooks/${id}`
}

export function deliveriesPath(workspace: string): string {
  return `/w/${workspace}/deliveries`
}

export function cartsPath(workspace: string): string {
  return `/w/${workspace}/shop/carts`
}
