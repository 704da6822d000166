// The purposes of consent in words.
import type { Purpose } from '../../../src/leads/contract.ts'

export const purposeNames: Record<Purpose, string> = {
  email_marketing: 'E-mail marketing',
  sms_marketing: 'SMS marketing',
  analytics: 'Analytics',
  ad_user_data: 'Data to ad platforms',
  ad_personalisation: 'Personalised ads',
}
