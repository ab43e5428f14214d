import { lookAtEveryPage } from './every-page.ts'

lookAtEveryPage('English, light', { locale: 'en-US', colorScheme: 'light' })
