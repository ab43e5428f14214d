import type { TemplateCauses } from '#core/cause/template-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const templateEn = causeTexts<TemplateCauses>()({
  subject_part: 'subject',
  text_part: 'text',
  html_part: 'html',
  template_too_long: 'the {part} template has {size} characters; at most {most} are allowed',
  template_took_too_long: 'the {part} template took longer than {ms} ms; make its loops shorter',
  template_needs_memory:
    'the {part} template needs too much memory, or nests too deeply; make its loops and texts shorter',
  templates_not_rendered: 'templates cannot be rendered: {why}',
  templates_without_thread: 'their thread does not start ({why})',
  templates_without_facts: 'the facts cannot be handed to a template: {why}',
  template_facts_too_large: 'they are more than {most} characters',
  templates_end: 'templates are not rendered any more: the server is stopping',
})
