/** What a unit may do beside what holds for all. */
interface Openings {
  /** Kinds of sockets, as systemd names them. */
  readonly families: string
  /** What it left in shared memory is removed when it ends; only an account of its own has such. */
  readonly removesIpc?: boolean
}

/** What systemd keeps every unit of ours from: lines of its section, in order. */
export const hardening = ({ families, removesIpc = false }: Openings): string =>
  [
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'ProtectProc=invisible',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'PrivateMounts=yes',
    'DevicePolicy=closed',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectControlGroups=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    ...(removesIpc ? ['RemoveIPC=yes'] : []),
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    `RestrictAddressFamilies=${families}`,
    'LockPersonality=yes',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'SystemCallErrorNumber=EPERM',
  ].join('\n')
