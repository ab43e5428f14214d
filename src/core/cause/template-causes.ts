/** What keeps people's templates from being rendered, whatever they say: each with the names of its facts. */
export interface TemplateCauses {
  /** Which `part` of a message a template is for. */
  readonly subject_part: never
  readonly text_part: never
  readonly html_part: never
  readonly template_too_long: 'part' | 'size' | 'most'
  readonly template_took_too_long: 'part' | 'ms'
  readonly template_needs_memory: 'part'
  readonly templates_not_rendered: 'why'
  readonly templates_without_thread: 'why'
  readonly templates_without_facts: 'why'
  readonly template_facts_too_large: 'most'
  readonly templates_end: never
}
