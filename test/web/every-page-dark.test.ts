import { lookAtEveryPage } from './every-page.ts'

lookAtEveryPage('Spanish, dark', { locale: 'es-AR', colorScheme: 'dark' })
