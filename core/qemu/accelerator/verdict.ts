/** QEMU's names: the host's processor by KVM (Linux) or the Hypervisor framework (macOS), or emulation. */
export type Accelerator = "kvm" | "hvf" | "tcg";

export interface Verdict {
  readonly accelerator: Accelerator;
  /** Why this one: for people. */
  readonly reason: string;
  /** How to get a faster one; null where there is nothing to mend. */
  readonly help: string | null;
}
