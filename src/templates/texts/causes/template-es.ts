import type { TemplateCauses } from '#core/cause/template-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const templateEs = causeTexts<TemplateCauses>()({
  subject_part: 'asunto',
  text_part: 'texto',
  html_part: 'HTML',
  template_too_long: 'la plantilla de {part} tiene {size} caracteres; se permiten {most} como máximo',
  template_took_too_long: 'la plantilla de {part} tardó más de {ms} ms; acorte sus ciclos',
  template_needs_memory:
    'la plantilla de {part} necesita demasiada memoria o se anida demasiado; acorte sus ciclos y textos',
  templates_not_rendered: 'no se pueden generar plantillas: {why}',
  templates_without_thread: 'su hilo no se inicia ({why})',
  templates_without_facts: 'los datos no se pueden entregar a una plantilla: {why}',
  template_facts_too_large: 'tienen más de {most} caracteres',
  templates_end: 'ya no se generan plantillas: el servidor se está deteniendo',
})
