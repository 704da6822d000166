// What a lead is recognised by, in words.
import type { IdentifierKind } from '../../../src/leads/contract.ts'

export const identifierNames: Record<IdentifierKind, string> = {
  user_id: 'User id',
  vendor_customer_id: 'Customer id',
  email: 'E-mail',
  anonymous_id: 'Browser',
  phone: 'Phone',
}
