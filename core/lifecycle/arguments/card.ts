import type { Network } from "../../machine/machine.ts";
import type { Subject } from "./facts.ts";

/** One network card with what is needed to plug it in. */
export interface Card {
  readonly id: string;
  readonly key: string;
  readonly network: Network;
  readonly subject: Subject;
}
