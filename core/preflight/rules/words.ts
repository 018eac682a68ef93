import type { Fault } from "../rule.ts";
import type { DiskSubject, Subject } from "../subject.ts";

/** `Cannot boot "web": what is so`. */
export function cannot({ machine }: Subject, what: string, verb = "boot"): string {
  return `Cannot ${verb} "${machine.name}": ${what}`;
}

export function eachDisk({ disks }: Subject, check: (disk: DiskSubject) => readonly Fault[]): readonly Fault[] {
  return disks.flatMap(check);
}

/** The field that names the booted image: where most faults are to be mended. */
export function imagePath({ boot }: Subject): readonly (string | number)[] {
  return boot ? ["disks", boot.key, "image"] : ["disks"];
}

/** Whether a unit that is not enabled may be at the first boot: systemd's presets enable all but masked ones. */
export function mayBeEnabled({ system, made }: Subject, unit: RegExp): boolean {
  return !made && system?.presets === true && !system.masked.some((name) => unit.test(name));
}

/** The image in quotes, as messages name it. */
export function image({ boot }: Subject): string {
  return boot ? `"${boot.facts?.path ?? boot.disk.image}"` : "the image";
}
