/** Strokes of 24 by 24, drawn for this page. */
const PATHS = {
  overview: 'M4 5h7v6H4zM13 5h7v14h-7zM4 13h7v6H4z',
  alert: 'M12 4l9 16H3zM12 10v4M12 17.2v.3',
  rules: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  events: 'M8 6h12M8 12h12M8 18h12M4 6v.1M4 12v.1M4 18v.1',
  connections: 'M7 7a2.5 2.5 0 100 .1M17 12a2.5 2.5 0 100 .1M7 17a2.5 2.5 0 100 .1M7 8l8 4-8 5',
  security: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z',
  settings:
    'M12 9a3 3 0 100 6 3 3 0 000-6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1',
  search: 'M10.5 5a5.5 5.5 0 100 11 5.5 5.5 0 000-11M15 15l5 5',
  plus: 'M12 5v14M5 12h14',
  user: 'M12 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7M5 20c.8-4 4-5.5 7-5.5s6.200 1.500 7 5.500',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5l11 7-11 7z',
  check: 'M5 13l4.500 4.500L19 7',
  cross: 'M6 6l12 12M18 6L6 18',
  edit: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  trash: 'M5 7h14M10 7V5h4v2M7 7l1 13h8l1-13M10 11v5M14 11v5',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  bell: 'M6 16V11a6 6 0 0112 0v5l1.500 2h-15zM10 20.500h4',
  mute: 'M6 16V11a6 6 0 019-5M18 10v6l1.500 2H8M4 4l16 16',
  wrench: 'M14 6a4 4 0 015 5l-8.500 8.500a2 2 0 01-3-3L16 8',
  list: 'M4 6h16M4 12h16M4 18h16',
  grid: 'M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z',
  up: 'M12 19V5M6 11l6-6 6 6',
  flap: 'M4 16l4-8 4 8 4-8 4 8',
  down: 'M12 5v14M6 13l6 6 6-6',
  chevron: 'M9 6l6 6-6 6',
  out: 'M14 5h5v14h-5M4 12h10M11 8l4 4-4 4',
  calendar: 'M5 6h14v14H5zM5 10h14M9 4v4M15 4v4M9 14h2M14 14h2',
  key: 'M8 12a3.500 3.500 0 100 .1M11 12h9v3M16 12v3',
  dots: 'M5 12v.1M12 12v.1M19 12v.1',
  star: 'M12 4l2.4 5 5.600.700-4.100 3.800 1.100 5.500-5-2.800-5 2.800 1.100-5.500L4 9.700 9.600 9z',
  play_step: 'M6 5l8 7-8 7zM17 5v14',
} as const

export type IconName = keyof typeof PATHS

/** An icon beside a text that says the same; a button of an icon alone needs an `aria-label` of its own. */
export const Icon = ({
  name,
  size = 18,
  filled = false,
}: {
  readonly name: IconName
  readonly size?: number
  readonly filled?: boolean
}) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill={filled ? 'currentColor' : 'none'}
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
    style={{ flexShrink: 0 }}
  >
    <path d={PATHS[name]} />
  </svg>
)
