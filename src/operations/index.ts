import type { AlertOperations } from './alerts.ts'
import type { BanOperations } from './bans.ts'
import type { ChannelOperations } from './channels.ts'
import type { DutyOperations } from './duty.ts'
import type { MapOperations } from './map.ts'
import type { MonitorOperations } from './monitors.ts'
import type { NotificationOperations } from './notifications.ts'
import type { PlanOperations } from './plans.ts'
import type { PredictionOperations } from './predictions.ts'
import type { QuietOperations } from './quiets.ts'
import type { RuleOperations } from './rules.ts'
import type { ScheduleOperations } from './schedules.ts'
import type { SettingOperations } from './settings.ts'
import type { ShiftOperations } from './shift.ts'
import type { TestOperations } from './tests.ts'
import type { WallOperations } from './wall.ts'

/** Everything that people change, whichever way they come: each one transaction, with its entry in the audit log. */
export interface Operations {
  readonly monitors: MonitorOperations
  readonly channels: ChannelOperations
  readonly rules: RuleOperations
  readonly alerts: AlertOperations
  readonly quiets: QuietOperations
  readonly plans: PlanOperations
  readonly notifications: NotificationOperations
  readonly schedules: ScheduleOperations
  readonly settings: SettingOperations
  readonly bans: BanOperations
  readonly shift: ShiftOperations
  readonly duty: DutyOperations
  readonly tests: TestOperations
  readonly wall: WallOperations
  readonly map: MapOperations
  readonly predictions: PredictionOperations
}
