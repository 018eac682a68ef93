import { hasErrors } from "../../../core/engine/diagnostic.ts";
import type { Engine } from "../../../core/engine/index.ts";
import { contractOf, type ValueObject } from "../../../core/model/index.ts";
import { Random } from "../random.ts";
import { mutate, type Palette } from "./palette.ts";

/** How often a declaration that is refused is drawn anew. */
const DRAWS = 200;

/** Random declarations of one contract, each a few changes from the one before; a seed alone decides. */
export class Walk {
  readonly palette: Palette;
  readonly #random: Random;
  readonly #engine: Engine;
  #at: ValueObject | null = null;

  constructor(palette: Palette, seed: number, engine: Engine) {
    this.palette = palette;
    this.#random = new Random(seed);
    this.#engine = engine;
  }

  /** The next declaration that the engine does not refuse as the world is now. */
  async next(): Promise<ValueObject> {
    this.#at = this.#at === null ? this.palette.start : await this.#drawn(this.#at);
    return this.#at;
  }

  async #drawn(from: ValueObject): Promise<ValueObject> {
    const contract = contractOf(this.palette.contract, "resource");
    for (let draw = 0; draw < DRAWS; draw++) {
      let drawn = from;
      for (let left = 1 + this.#random.below(3); left > 0; left--) {
        drawn = mutate(contract.input, drawn, this.palette, this.#random);
      }
      const { plan } = await this.#engine.prepare(contract, drawn);
      if (!hasErrors(plan.diagnostics)) return drawn;
    }
    throw new Error(`no declaration of ${contract.name} follows on ${JSON.stringify(from)}`);
  }
}

/** Told in a failure: what brings the walk to the same step again. */
export const stepOf = (palette: Palette, seed: number, step: number, declared: ValueObject) =>
  `${palette.contract}, GUESTKIT_WALK_SEED=${seed}, step ${step}: ${JSON.stringify(declared)}`;

/** What the default run walks: the same each time, so that a change is judged by the change alone. */
const USUAL_SEED = 1;

/** The seed of this run: given by the environment, else the usual one; the slow run goes another way each time. */
export function walkSeed(): number {
  const given = process.env.GUESTKIT_WALK_SEED;
  const drawn = process.env.GUESTKIT_SLOW === "1" ? Date.now() % 2 ** 31 : USUAL_SEED;
  const seed = given === undefined ? drawn : Number(given);
  console.info(`walk of declarations: GUESTKIT_WALK_SEED=${seed}`);
  return seed;
}
