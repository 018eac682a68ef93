import { GuestkitError } from "../kit/errors.ts";

/** What implements a contract, once it is loaded: to import it again takes longer than to plan a thing. */
const loaded = new WeakMap<() => Promise<unknown>, Promise<unknown>>();

/** Loads it where it is first asked for. Throws `E_CONTRACT_UNIMPLEMENTED`. */
export async function implementationOf<T>(table: Readonly<Record<string, () => Promise<T>>>, name: string): Promise<T> {
  const load = table[name];
  if (load) {
    const found = loaded.get(load) ?? load();
    loaded.set(load, found);
    return (await found) as T;
  }
  throw new GuestkitError("E_CONTRACT_UNIMPLEMENTED", `Cannot use "${name}": nothing implements it`);
}
