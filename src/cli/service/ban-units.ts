import { hardening } from './hardening.ts'
import { quoted } from './unit.ts'

export const BAN_SOCKET = '/run/vigia-bans.sock'

/** The door to the helper: who is in the service's group may knock. */
export const banSocketUnit = (group: string): string => `[Unit]
Description=Bans that Vigia asks for

[Socket]
ListenStream=${BAN_SOCKET}
Accept=yes
MaxConnections=8
SocketUser=root
SocketGroup=${group}
SocketMode=0660

[Install]
WantedBy=sockets.target
`

/** One process for each question: it may speak to fail2ban's socket, which belongs to root, and to nothing else. */
export const banServiceUnit = (command: readonly string[]): string => `[Unit]
Description=A question of Vigia to fail2ban
CollectMode=inactive-or-failed

[Service]
Type=oneshot
ExecStart=${[...command, 'ban-helper'].map(quoted).join(' ')}
StandardInput=socket
StandardOutput=socket
StandardError=journal
TimeoutStartSec=30s
Environment=NODE_ENV=production
UMask=0077
CapabilityBoundingSet=
NoNewPrivileges=yes
PrivateNetwork=yes
${hardening({ families: 'AF_UNIX' })}
`
