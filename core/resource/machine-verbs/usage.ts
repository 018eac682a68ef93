import { setTimeout as sleep } from "node:timers/promises";
import type { QueryImplementation } from "../../engine/implementation.ts";
import type { Context } from "../../kit/context.ts";
import { isRunning } from "../../lifecycle/look/look.ts";
import { Meter } from "../../lifecycle/usage/meter.ts";
import type { Usage } from "../../lifecycle/usage/usage.ts";
import { machineFolder } from "../../machine/folder.ts";
import { listMachines } from "../../machine/list.ts";
import { isList, type ValueObject } from "../../model/value.ts";
import { knownMachine } from "./known.ts";

/** Measures several machines together. With names those, whether they run or not; without, all that run at the time. */
export class Meters implements AsyncDisposable {
  readonly #names: readonly string[];
  readonly #seconds: number;
  readonly #context: Context;
  readonly #meters = new Map<string, Meter>();

  constructor(names: readonly string[], seconds: number, context: Context) {
    this.#names = names;
    this.#seconds = seconds;
    this.#context = context;
  }

  /** One row a machine, by name. Throws `E_MACHINE_UNKNOWN`. */
  async measure(): Promise<readonly Usage[]> {
    const names = this.#names.length > 0 ? await this.#demandKnown() : await this.#running();
    return await Promise.all(names.map((name) => this.#meter(name).measure()));
  }

  async #demandKnown(): Promise<readonly string[]> {
    for (const name of this.#names) await knownMachine({ name }, this.#context);
    return this.#names;
  }

  async #running(): Promise<readonly string[]> {
    const names = await listMachines(this.#context.settings);
    const running = await Promise.all(names.map((name) => isRunning(this.#folder(name))));
    return names.filter((_, at) => running[at]);
  }

  #meter(name: string): Meter {
    const known = this.#meters.get(name);
    if (known) return known;
    const meter = new Meter(name, this.#folder(name), this.#seconds, this.#context);
    this.#meters.set(name, meter);
    return meter;
  }

  #folder(name: string) {
    return machineFolder(name, this.#context.settings);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#meters.values()].map((meter) => meter[Symbol.asyncDispose]()));
  }
}

export const vmUsage: QueryImplementation = {
  read: async (input, context) => {
    const names = isList(input.names ?? null) ? (input.names as readonly unknown[]).map(String) : [];
    const seconds = Number(input.interval);
    await using meters = new Meters(names, seconds, context);
    await meters.measure();
    await sleep(seconds * 1000, undefined, { signal: context.signal });
    return { machines: (await meters.measure()) as unknown as readonly ValueObject[] };
  },
};
