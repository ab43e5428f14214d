import { hardening } from './hardening.ts'

/** Where a service finds what it runs and keeps. Absolute paths, in which systemd is to read nothing else than they say. */
export interface ServicePlace {
  /** Node and its options, the program, in order. */
  readonly command: readonly string[]
  readonly user: string
  /** Holds `vigia.yaml` and `vigia.env`, where they are wanted. */
  readonly configuration: string
  readonly data: string
  /** Groups that may read the logs that are followed. */
  readonly logGroups: readonly string[]
}

/** A word of a command line, or a path, as systemd.service(5) and systemd.unit(5) read it. */
export const quoted = (word: string): string =>
  /^[\w@/.:=+-]+$/.test(word)
    ? word
    : `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`

/**
 * The unit of the server: an account of its own, the one right to open raw sockets, nothing writable but its data. What is
 * not there has its reason: V8 cannot run under `MemoryDenyWriteExecute`; with `ProcSubset=pid` there are no tables of
 * sockets; without AF_NETLINK no list of interfaces; `~@resources` and `~@privileged` end a program that sets a priority.
 */
export const serviceUnit = ({ command, user, configuration, data, logGroups }: ServicePlace): string => `[Unit]
Description=Vigia, watches a network and tells people what matters
Wants=network-online.target
After=network-online.target time-sync.target postgresql.service
# A database that is late at boot is waited for, however often.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart=${[...command, 'serve', '--data', data].map(quoted).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=${quoted(configuration)}
EnvironmentFile=-${quoted(`${configuration}/vigia.env`)}
Environment=NODE_ENV=production NODE_COMPILE_CACHE=%C/vigia
CacheDirectory=vigia
Restart=always
RestartSec=5s
# It says itself when it needs longer, to migrate a large database.
TimeoutStartSec=3min
TimeoutStopSec=1min
WatchdogSec=1min
# One socket for each probe under way.
LimitNOFILE=65536
OOMScoreAdjust=-200

User=${user}
Group=${user}
${logGroups.length > 0 ? `SupplementaryGroups=${logGroups.join(' ')}\n` : ''}UMask=0077
AmbientCapabilities=CAP_NET_RAW
CapabilityBoundingSet=CAP_NET_RAW
NoNewPrivileges=yes
ReadWritePaths=${quoted(data)}
${hardening({ families: 'AF_INET AF_INET6 AF_UNIX AF_NETLINK', removesIpc: true })}

[Install]
WantedBy=multi-user.target
`
