import { lookAtEveryPage } from './every-page.ts'

lookAtEveryPage('Spanish, on a phone', { locale: 'es-AR', viewport: { width: 390, height: 844 } })
