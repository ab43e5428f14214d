import { bilingual } from '../bilingual.ts'

/** What one may do with a list. */
export const listMenu = bilingual(
  {
    open: 'Filters and actions',
    saved: 'Saved filters',
    save: 'Save this filter',
    hint: 'What you filter by can be kept under a name.',
    nameHint: 'It stays with your account, on every device. A filter of the same name is replaced.',
    kept: '{{name}} is saved.',
    forget: 'Forget {{name}}',
    forgotten: '{{name}} is forgotten.',
    choose: 'Choose several',
    files: { monitors: 'monitors', alerts: 'alerts', events: 'events' },
  },
  {
    open: 'Filtros y acciones',
    saved: 'Filtros guardados',
    save: 'Guardar este filtro',
    hint: 'Lo que filtra se puede guardar con un nombre.',
    nameHint: 'Queda en su cuenta, en todos los dispositivos. Reemplaza a otro filtro del mismo nombre.',
    kept: '{{name}} quedó guardado.',
    forget: 'Olvidar {{name}}',
    forgotten: '{{name}} se olvidó.',
    choose: 'Elegir varios',
    files: { monitors: 'monitores', alerts: 'alertas', events: 'eventos' },
  },
)
