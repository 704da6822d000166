// Tells zod not to compile validators at run time: the content security policy forbids eval. Imported before any contract.
import { z } from 'zod'

z.config({ jitless: true })
