import type { Tree } from "../../filesystem/tree.ts";
import type { Allowance } from "../../kit/budget.ts";
import type { User } from "../accounts.ts";
import type { Units } from "../units.ts";

/** What is known of a system before its groups of facts are read. */
export interface Known {
  readonly tree: Tree;
  readonly users: readonly User[] | null;
  readonly units: Units | null;
  /** Takes down what one thing of a group has against it, where the rest of the group stands without it. */
  warn(text: string): void;
}

/** How one group is read, within a share of the budget of its own. Throws what the tree throws. */
export interface FactKind<T> {
  readonly share?: Partial<Allowance>;
  read(known: Known): Promise<T>;
}
