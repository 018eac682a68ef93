/** How far a boot has come, in its order. */
export const BOOT_PHASES = ["firmware", "boot loader", "kernel", "initramfs", "system", "cloud-init", "login"] as const;
export type BootPhase = (typeof BOOT_PHASES)[number];

export interface BootStep {
  readonly phase: BootPhase;
  readonly detail: string;
}

interface Sign {
  readonly phase: BootPhase;
  /** Its first group is the detail. */
  readonly pattern: RegExp;
}

/** What consoles show, as their programs print it. */
const SIGNS: readonly Sign[] = [
  {
    phase: "firmware",
    pattern: /(SeaBIOS \(version [^)]{0,100}\)|iPXE \S+|BdsDxe: .*|UEFI Interactive Shell.*|TianoCore.*)/,
  },
  { phase: "firmware", pattern: /(Booting from (?:Hard Disk|DVD|ROM|Floppy).*)/ },
  { phase: "boot loader", pattern: /(Welcome to GRUB|GNU GRUB {2}version \S+|ISOLINUX \S+|SYSLINUX \S+|EXTLINUX \S+)/ },
  {
    phase: "boot loader",
    pattern: /((?:Booting|Loading) [`'"]?(?:Linux|Debian|Ubuntu|Fedora|initial ramdisk|kernel).*)/i,
  },
  { phase: "kernel", pattern: /EFI stub: (.*)/ },
  { phase: "kernel", pattern: /^(?:\[ *\d+\.\d+\] )?(Linux version \S+)/ },
  { phase: "initramfs", pattern: /Run (\/init) as init process/ },
  {
    phase: "initramfs",
    pattern: /^(Loading, please wait\.\.\.|Begin: [^.]*(?=\.\.\.)|dracut(?:-[a-z-]+)?\[\d+\]: .*)/,
  },
  { phase: "system", pattern: /Run (\/sbin\/init|\/usr\/lib\/systemd\/systemd|\/lib\/systemd\/systemd) as init/ },
  { phase: "system", pattern: /systemd\[1\]: (systemd \S+ running in system mode|Set hostname to .*)/ },
  { phase: "system", pattern: /^(Welcome to (?!GRUB).+!)/ },
  {
    phase: "system",
    pattern: /^\[ {0,2}(?:OK|\*+|FAILED) *\] ((?:Started|Reached target|Finished|Mounted|Failed to start) .*?)\.?$/,
  },
  { phase: "system", pattern: /^ *(?:\* )?((?:INIT: version|OpenRC) \S+)/ },
  { phase: "cloud-init", pattern: /Cloud-init v\. \S+ running '([^']+)'/ },
  { phase: "cloud-init", pattern: /Cloud-init v\. \S+ (finished) at/ },
  { phase: "login", pattern: /^(\S+ login:)(?: |$)/ },
];

/** Where these are seen the guest has started anew. */
const RESTARTS: readonly BootPhase[] = ["firmware", "boot loader", "kernel"];

/** What tells that nothing more will come of it, without somebody who types. */
const DEAD_ENDS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /You are in (emergency|rescue) mode/, what: "its system stopped in emergency mode" },
  { pattern: /Dropping to a shell!|^\(initramfs\)/, what: "its initramfs found no root file system" },
  { pattern: /^grub rescue>|error: no such device:/, what: "its boot loader found no file system" },
  { pattern: /No bootable device|Boot failed: not a bootable disk/, what: "its firmware found nothing to boot" },
];

const PANIC = /Kernel panic - not syncing: (.*)/;

/** Follows a boot by what its console shows. */
export class BootProgress {
  #step: BootStep | null = null;
  #panic: string | null = null;
  #deadEnd: string | null = null;

  /** The step that a line tells of, where it is a new one. */
  push(line: string): BootStep | null {
    this.#panic ??= PANIC.exec(line)?.[1]?.replace(/ ?\]?---$/, "") ?? null;
    const step = stepOf(line);
    if (step && this.#restarts(step)) this.#deadEnd = null;
    this.#deadEnd ??= DEAD_ENDS.find(({ pattern }) => pattern.test(line))?.what ?? null;
    if (!step || !this.#isNew(step)) return null;
    this.#step = step;
    return step;
  }

  get step(): BootStep | null {
    return this.#step;
  }

  /** The kernel's last words. */
  get panic(): string | null {
    return this.#panic;
  }

  /** Why it will not come any further by itself. */
  get deadEnd(): string | null {
    return this.#deadEnd;
  }

  #restarts(step: BootStep): boolean {
    return this.#step !== null && rank(step) < rank(this.#step) && RESTARTS.includes(step.phase);
  }

  /** Services go on starting while cloud-init runs: they do not lead back. */
  #isNew(step: BootStep): boolean {
    if (this.#step === null || rank(step) > rank(this.#step) || this.#restarts(step)) return true;
    return rank(step) === rank(this.#step) && step.detail !== this.#step.detail;
  }
}

const rank = ({ phase }: BootStep): number => BOOT_PHASES.indexOf(phase);

function stepOf(line: string): BootStep | null {
  for (const { phase, pattern } of SIGNS) {
    const detail = pattern.exec(line)?.[1];
    if (detail !== undefined) return { phase, detail: detail.trim() };
  }
  return null;
}
