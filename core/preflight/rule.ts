import type { FieldPath } from "../engine/path.ts";
import type { Subject } from "./subject.ts";

/** One thing that keeps machines from coming up, told before it happens. */
export interface Rule {
  /** Stable: preflight_rules names rules by it. */
  readonly code: `P_${string}`;
  readonly severity: "error" | "warning";
  /** One line for the table of rules. */
  readonly summary: string;
  /** Why it matters, and what is looked at. */
  readonly explanation: string;
  /** The way out, in general. */
  readonly help: string;
  /** Faults of a machine; empty where there are none, and where it cannot be known. */
  check(subject: Subject): readonly Fault[];
}

/** One fault as a rule finds it. */
export interface Fault {
  /** `Cannot boot "x": ...`, naming the file inside the image. */
  readonly message: string;
  /** The declared field that it concerns. */
  readonly path: FieldPath;
  /** Another way out than the rule's own. */
  readonly help?: string;
  /** Another weight than the rule's own. */
  readonly severity?: "error" | "warning";
}

/** A fault with its rule, after what preflight and preflight_rules make of it. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly path: FieldPath;
  readonly help: string;
}
