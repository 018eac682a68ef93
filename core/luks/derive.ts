import { GuestkitError } from "../kit/errors.ts";
import type { Ciphers } from "../source/codec.ts";
import type { Kdf } from "./container.ts";
import { damaged, lacking, type Named, unread } from "./fault.ts";
import { Limit } from "./limits.ts";

/**
 * What opening one container may cost, in rounds of PBKDF2: a minute or two. cryptsetup's default, two seconds on the
 * machine that made it, is some millions; a header may say 2^32 for each of 32 slots.
 */
const MOST_ROUNDS = 2 ** 28;
/** What a KiB of a pass of Argon2 takes, in the same. */
const ROUNDS_PER_KIB = 2;

/** Derives keys as long as that is no denial of service. */
export class Deriver {
  readonly #source: Named;
  readonly #ciphers: Ciphers;
  #left = MOST_ROUNDS;

  constructor(source: Named, ciphers: Ciphers) {
    this.#source = source;
    this.#ciphers = ciphers;
  }

  /** Throws `E_LUKS_FEATURE`, `E_LUKS_CIPHER`, `E_LUKS_KDF`, `E_LUKS_SLOT`. `what`: whose key that is. */
  async derive(kdf: Kdf, password: Uint8Array, length: number, what: string): Promise<Uint8Array> {
    if (kdf.type === "pbkdf2") {
      if (kdf.iterations < 1) throw damaged(this.#source, "SLOT", 0, `${what} is derived in no iterations`);
      const rounds = kdf.iterations * Math.ceil(length / this.hash(kdf.hash)(new Uint8Array()).length);
      this.#spend(rounds, what, `${kdf.iterations} iterations`);
      return this.#tell(what, this.#ciphers.pbkdf2({ ...kdf, password, length }));
    }
    const { memory, passes } = kdf;
    if (memory > Limit.maxMemory) throw this.#tooMuch(what, `${memory} KiB of memory`, `${Limit.maxMemory} KiB`);
    this.#spend(memory * passes * ROUNDS_PER_KIB, what, `${passes} passes over ${memory} KiB of memory`);
    const { argon2 } = this.#ciphers;
    if (!argon2) throw lacking(this.#source, `${what} is derived by ${kdf.type}, which is not there before Node 24.7`);
    return this.#tell(what, argon2({ ...kdf, variant: kdf.type, password, length }));
  }

  /** Throws `E_LUKS_CIPHER` where the platform lacks it. */
  hash(name: string): (data: Uint8Array) => Uint8Array {
    const hash = this.#ciphers.hash(name);
    if (hash) return hash;
    throw lacking(this.#source, `its hash is ${name}, which is not there`);
  }

  /** Of what the platform refuses: memory that it does not have. */
  async #tell(what: string, work: Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      return await work;
    } catch (cause) {
      if (cause instanceof GuestkitError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new GuestkitError("E_LUKS_KDF", `Cannot derive ${what} of "${this.#source.name}": ${why}`, {
        at: { file: this.#source.name, offset: 0 },
        cause,
        help: "Argon2 takes the memory that the header asks for, up to 4 GiB: see that it is free, here and in the container that this runs in.",
      });
    }
  }

  #spend(rounds: number, what: string, asked: string): void {
    if (rounds > this.#left) throw this.#tooMuch(what, asked, `${this.#left} rounds of PBKDF2 are left to it`);
    this.#left -= rounds;
  }

  #tooMuch(what: string, asked: string, bound: string) {
    const help = "Where that is meant, open a copy with the kernel: cryptsetup open --readonly COPY NAME";
    return unread(this.#source, 0, `${what} asks for ${asked}, and at most ${bound}`, help);
  }
}
