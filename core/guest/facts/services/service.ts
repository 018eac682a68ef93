import type { UnitState } from "./state.ts";

/** Something that an init system starts, or could start. */
export interface Service {
  /** `ssh.service`, `getty@tty1.service`; `sshd` of a script. */
  readonly name: string;
  readonly kind: "systemd" | "sysv" | "openrc" | "runit";
  readonly state: UnitState;
  /** What presets say of it; null where there is nothing to enable. */
  readonly preset: "enabled" | "disabled" | null;
  /** What pulls it in: `multi-user.target`, `default`, `5`. */
  readonly wanted_by: readonly string[];
  /** The file of its name, before links are followed. */
  readonly file: string;
}
