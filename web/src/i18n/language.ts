import i18next from 'i18next'

export type Language = 'en' | 'es'

export const language = (): Language => (i18next.language === 'es' ? 'es' : 'en')
