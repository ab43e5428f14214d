import type { Language } from '#core/message/message.ts'
import { own } from '#lib/own.ts'

/** Names of zones are written without accents; cities are not. */
const ACCENTED: Readonly<Record<string, string>> = {
  Asuncion: 'Asunción',
  Bahia: 'Bahía',
  Bahia_Banderas: 'Bahía de Banderas',
  Belem: 'Belém',
  Bogota: 'Bogotá',
  Cancun: 'Cancún',
  Ciudad_Juarez: 'Ciudad Juárez',
  Cordoba: 'Córdoba',
  Cuiaba: 'Cuiabá',
  Eirunepe: 'Eirunepé',
  Galapagos: 'Galápagos',
  Maceio: 'Maceió',
  Mazatlan: 'Mazatlán',
  Merida: 'Mérida',
  Rio_Branco: 'Rio Branco',
  Rio_Gallegos: 'Río Gallegos',
  Santarem: 'Santarém',
  Sao_Paulo: 'São Paulo',
  Tucuman: 'Tucumán',
}

const SPANISH: Readonly<Record<string, string>> = {
  Canary: 'Canarias',
  Easter: 'Isla de Pascua',
  Havana: 'La Habana',
  London: 'Londres',
  Los_Angeles: 'Los Ángeles',
  Mexico_City: 'Ciudad de México',
  New_York: 'Nueva York',
  Panama: 'Panamá',
  Paris: 'París',
  Rome: 'Roma',
}

/** The city that a time zone is named after, as people of the language write it. */
export const cityOf = (timeZone: string, language: Language): string => {
  const name = timeZone.split('/').at(-1)!
  const spanish = language === 'es' ? own<string>(SPANISH, name) : undefined
  return spanish ?? own<string>(ACCENTED, name) ?? name.replaceAll('_', ' ')
}
