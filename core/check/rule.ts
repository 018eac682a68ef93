/**
 * Rules over what is in an image, in canonical form: what is not said is null. Their twin with zod is
 * core/model/contracts/checks; a test holds the two equal.
 */

/** From what is told and stops nothing to the worst. */
export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

type Presence = "present" | "absent" | "optional";

export interface PackageRule {
  /** `*` and `?` stand for other characters. */
  readonly name: string;
  readonly state: Presence;
  /** `>= 3.0.15, < 4`. */
  readonly version: string | null;
}

export interface FileRule {
  readonly path: string;
  readonly state: Presence;
  readonly type: "file" | "directory" | "symlink" | null;
  /** A name or a number. */
  readonly owner: string | null;
  readonly group: string | null;
  /** Octal, as all permissions that follow. */
  readonly mode: string | null;
  readonly mode_at_most: string | null;
  /** Hexadecimal. */
  readonly sha256: string | null;
  readonly contains: string | null;
  readonly lacks: string | null;
  readonly matches: string | null;
  readonly matches_not: string | null;
}

export interface ServiceRule {
  readonly name: string;
  readonly state: "enabled" | "disabled" | "masked";
}

export interface UserRule {
  readonly name: string;
  readonly state: Presence;
  readonly uid: number | null;
  readonly shell: string | null;
  readonly locked: boolean | null;
  readonly groups: readonly string[] | null;
}

export interface SshdRule {
  readonly setting: string;
  readonly allowed: readonly string[];
}

export interface CertificatesRule {
  /** `*` and `?` stand for other characters; null for all that are found. */
  readonly path: string | null;
  /** From today on. */
  readonly days: number;
}

export type Leftover =
  | "host_keys"
  | "private_keys"
  | "authorized_keys"
  | "tokens"
  | "history"
  | "machine_id"
  | "random_seed"
  | "logs"
  | "leases"
  | "cloud_init"
  | "caches"
  | "temporary";

export interface LeftoversRule {
  readonly kinds: readonly Leftover[];
  readonly allowed: readonly string[];
}

/** A rule is of one kind: the others are null. */
export interface RuleKinds {
  readonly package: PackageRule | null;
  readonly file: FileRule | null;
  readonly service: ServiceRule | null;
  readonly user: UserRule | null;
  readonly sshd: SshdRule | null;
  readonly certificates: CertificatesRule | null;
  readonly leftovers: LeftoversRule | null;
}

export interface Rule extends RuleKinds {
  readonly title: string | null;
  readonly severity: Severity;
}

export interface Waiver {
  readonly check: string;
  readonly reason: string;
  /** The last day on which it counts (UTC): `2027-01-31`. */
  readonly until: string;
}

export interface RuleSet {
  readonly rules: Readonly<Record<string, Rule>>;
  readonly waivers: readonly Waiver[];
}

/** `error`: it cannot be told whether the rule holds, and so it does not count as held. */
export type State = "passed" | "failed" | "error" | "waived";

/** What became of one rule in one system. */
export interface Result {
  readonly check: string;
  readonly title: string | null;
  readonly severity: Severity;
  /** Which of the image's systems, from 0. */
  readonly system: number;
  readonly state: State;
  /** What was found instead; empty where the rule holds. */
  readonly reasons: readonly string[];
  /** What it was waived for. */
  readonly waiver: { readonly reason: string; readonly until: string } | null;
}
