/** How a region is written: `es-AR`, `en-US`, or a language alone. */
export const REGION_PATTERN = '^(en|es)(-([A-Z]{2}|[0-9]{3}))?$'
