import { beforeAll, expect, it } from "vitest";
import { GuestkitError } from "../../../core/kit/errors.ts";
import type { Argon2, Ciphers, Pbkdf2 } from "../../../core/source/codec.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { HANG_MS } from "../../support/hang.ts";
import { type Metadata, makeLuks1, makeLuks2, noise, openContainer, sumHeader } from "../../support/luks.ts";
import { Random } from "../../support/random.ts";
import { livePieces, mutateBytes, mutateFields } from "../../tools/damage/mutate.ts";
import { fieldsAt, noMend, type Structure } from "../../tools/damage/structure.ts";

/** `GUESTKIT_DAMAGE_SEED=123 GUESTKIT_DAMAGE_CASES=1` runs one case again. */
const CASES = Number(process.env.GUESTKIT_DAMAGE_CASES ?? 200);
const SEED = Number(process.env.GUESTKIT_DAMAGE_SEED ?? 1);
const MAX_GROWTH = 256 << 20;

const plain = noise(5, 65_536);
const passphrase = "open sesame";
const DATA = 1 << 20;
const HEADER = 16_384;

/** One damaged container, and what may be asked of it. */
interface Case {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Places of the data that are as they were; null where the metadata may say anything. */
  readonly intact: ((at: number) => boolean) | null;
}

const HEADER1 = {
  version: [6, 2],
  cipher: [8, 4],
  mode: [40, 4],
  hash: [72, 4],
  payload: [104, 4],
  key_bytes: [108, 4],
  digest: [112, 4],
  salt: [132, 4],
  iterations: [164, 4],
  uuid: [168, 4],
} as const;
const SLOT = { active: [0, 4], iterations: [4, 4], salt: [8, 4], offset: [40, 4], stripes: [44, 4] } as const;
const HEADER2 = {
  magic: [0, 4],
  version: [6, 2],
  size: [8, 8],
  sequence: [16, 8],
  algorithm: [72, 8],
  uuid: [168, 8],
  offset: [256, 8],
  json: [4096, 8],
} as const;
const TEMPTING = [HEADER, 32_768, DATA, DATA / 512, DATA + plain.length, 64, 1000, 4096];

const structure = (kind: string, fields: Structure["fields"], mend: Structure["mend"] = noMend): Structure => ({
  ...{ kind, name: kind, fields, tempting: TEMPTING, mend },
});

const first = makeLuks1({ plain, passphrase });
const second = makeLuks2({ plain, passphrase });
const STRUCTURES = {
  luks1: [
    structure("header", fieldsAt(0, HEADER1, true)),
    ...Array.from({ length: 8 }, (_, slot) => structure("slot", fieldsAt(208 + slot * 48, SLOT, true))),
  ],
  luks2: [0, HEADER].map((at) =>
    structure("header", fieldsAt(at, HEADER2, true), (image) => {
      sumHeader(image, 0);
      sumHeader(image, HEADER);
    }),
  ),
};

function caseOf(seed: number): Case {
  const random = new Random(seed);
  const kind = random.below(4);
  if (kind === 0) return jsonCase(random);
  const name = random.below(2) === 0 ? "luks1" : "luks2";
  const pristine = name === "luks1" ? first : second;
  const bytes = pristine.slice();
  const structures = new Map([["header", STRUCTURES[name]]]);
  const target = { bytes, structures };
  const mutation = kind === 1 ? mutateFields(target, random) : mutateBytes(target, livePieces(pristine), random);
  const { steps, changed, length } = mutation;
  const touched = (at: number) =>
    (changed ?? []).some((each) => at >= (each.at & ~15) - 16 && at < each.at + each.length + 16);
  // LUKS1 has no checksum of its header: what stands there is believed, as far as it opens the key.
  const isChecked = name === "luks2" && !mutation.mended;
  return {
    what: `${name}: ${steps.join("; ")}`,
    bytes: bytes.subarray(0, length),
    intact: isChecked ? (at) => !touched(DATA + at) : null,
  };
}

const VALUES: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => -1,
  () => 0,
  () => 1,
  () => 0.5,
  () => 2 ** 31,
  () => 2 ** 32 - 1,
  () => 2 ** 53,
  () => 1e300,
  () => "",
  () => "0",
  () => "18446744073709551615",
  () => "9007199254740991",
  () => "-512",
  () => "dynamic",
  () => "pbkdf2",
  () => "argon2id",
  () => "aes-cbc-essiv:sha256",
  () => "cipher_null-ecb",
  () => "x".repeat(5000),
  () => [],
  () => ["0"],
  () => ["0", "0", "7"],
  () => ({}),
  () => ({ 0: {}, 1: {} }),
  () => JSON.parse(`${'{"0":'.repeat(200)}1${"}".repeat(200)}`),
  (random) => random.u32(),
  (random) => String(random.u32()),
  (random) => String(random.pick(TEMPTING)),
  (random) => random.pick(TEMPTING),
];

/** Metadata with one to three of its values replaced, removed or doubled, summed. */
function jsonCase(random: Random): Case {
  const steps: string[] = [];
  const change = (metadata: Metadata) => {
    for (let left = 1 + random.below(3); left > 0; left--) steps.push(mutateJson(metadata, random));
  };
  const bytes = makeLuks2({ plain, passphrase, change });
  return { what: `JSON: ${steps.join("; ")}`, bytes, intact: null };
}

function mutateJson(metadata: Metadata, random: Random): string {
  const places: { parent: Metadata; key: string; path: string }[] = [];
  const walk = (parent: Metadata, path: string) => {
    for (const key of Object.keys(parent ?? {})) {
      places.push({ parent, key, path: `${path}.${key}` });
      if (typeof parent[key] === "object") walk(parent[key], `${path}.${key}`);
    }
  };
  walk(metadata, "");
  const { parent, key, path } = random.pick(places);
  const way = random.below(6);
  if (way === 0) delete parent[key];
  else if (way === 1) parent[String(random.below(40))] = parent[key];
  else if (way === 2) parent[key] = structuredClone(random.pick(places).parent);
  else parent[key] = random.pick(VALUES)(random);
  return `${path} ${["removed", "doubled", "another's"][way] ?? JSON.stringify(parent[key])?.slice(0, 60)}`;
}

/** What a derivation may cost is bounded by the reader in minutes: the test does not pay them. */
async function frugal(): Promise<Ciphers> {
  const node = await nodeHost.ciphers();
  const refuse = () =>
    new GuestkitError("E_TEST_COST", "Cannot derive a key: the test does not pay for it", { at: { offset: 0 } });
  return {
    ...node,
    pbkdf2: async (options: Pbkdf2) => {
      if (options.iterations > 10_000) throw refuse();
      return node.pbkdf2(options);
    },
    argon2: async (options: Argon2) => {
      if (options.memory * options.passes > 32_768) throw refuse();
      return node.argon2?.(options) ?? Promise.reject(refuse());
    },
  };
}

let ciphers: Ciphers;
beforeAll(async () => {
  ciphers = await frugal();
});

/** What must never be; null where all is well. */
async function faultOf({ bytes, intact }: Case, tally: Map<string, number>): Promise<string | null> {
  const count = (key: string) => tally.set(key, (tally.get(key) ?? 0) + 1);
  try {
    const { device } = await openContainer(memorySource(bytes, "disk"), [passphrase], { ciphers: async () => ciphers });
    const { source, size } = device;
    if (!source || size > bytes.length) return `a device of ${size} bytes`;
    const found = await source.read(0, size);
    count("read");
    if (!intact) return null;
    const wrong = found.findIndex((byte, at) => byte !== plain[at] && intact(at));
    return wrong < 0 ? null : `another byte at ${wrong}`;
  } catch (error) {
    if (!(error instanceof GuestkitError)) return `a foreign error: ${error instanceof Error ? error.stack : error}`;
    count(error.code);
    const isPlaced = error.at?.offset !== undefined || error.at?.file !== undefined;
    return isPlaced && error.code !== "E_INTERNAL" ? null : `no place: ${error.stack}`;
  }
}

it(`reads or refuses ${CASES} damaged containers (seeds from ${SEED})`, async () => {
  const tally = new Map<string, number>();
  const faults: string[] = [];
  const before = process.memoryUsage.rss();
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const started = performance.now();
    const each = caseOf(seed);
    const fault = await faultOf(each, tally);
    const ms = performance.now() - started;
    if (fault !== null) faults.push(`seed ${seed}, ${each.what}: ${fault}`);
    if (ms > HANG_MS) faults.push(`seed ${seed}, ${each.what}: it took ${ms} ms`);
  }
  console.log(
    `damaged containers: ${[...tally]
      .sort()
      .map(([key, times]) => `${key} ${times}`)
      .join(", ")}`,
  );
  expect(faults.slice(0, 20)).toEqual([]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(MAX_GROWTH);
  // Damage that is never past the first check proves nothing.
  if (CASES >= 200) expect([...tally.keys()].length).toBeGreaterThan(5);
}, 3_600_000);
