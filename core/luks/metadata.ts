import type { Container, Digest, Kdf, KeySlot, Segment } from "./container.ts";
import { damaged, type Named, unread } from "./fault.ts";
import { Json } from "./json.ts";
import { SECTOR } from "./layout.ts";
import { checkUuid, Limit } from "./limits.ts";

const AREA = 4096;
const MAX_BRACKETS = 4096;
const MAX_32 = 2 ** 32 - 1;
const REENCRYPTION = "Finish it where it was begun, on the machine itself: cryptsetup reencrypt --resume-only DEVICE";

/** LUKS2's JSON area as a container. Throws `E_LUKS_JSON`, `E_LUKS_FEATURE`, `E_LUKS_HEADER`. */
export function containerOf(
  source: Named,
  header: { readonly uuid: string; readonly label: string },
  area: Uint8Array,
  warnings: readonly string[],
): Container {
  checkUuid(source, 168, header.uuid);
  const root = new Json(source, "", parse(source, area));
  refuseRequirements(source, root.at("config"));
  const segments = segmentsOf(source, root);
  const { digest, slots } = digestOf(source, root, segments);
  return {
    ...{ version: 2, uuid: header.uuid, label: header.label === "" ? null : header.label, warnings },
    slots: slotsOf(root, slots),
    digest,
    headerBytes: 2 * (AREA + area.length),
    segments: segments.map(({ segment }) => segment),
  };
}

function parse(source: Named, area: Uint8Array): unknown {
  const end = area.indexOf(0);
  const json = end < 0 ? area : area.subarray(0, end);
  if (bracketsIn(json) > MAX_BRACKETS) throw damaged(source, "JSON", AREA, "the JSON area has too many parts");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch {
    throw damaged(source, "JSON", AREA, "the JSON area is no JSON");
  }
}

/** Objects and lists, and what looks like them in text: each costs many times its byte once it is parsed. */
const bracketsIn = (json: Uint8Array): number =>
  json.reduce((sum, byte) => sum + Number(byte === 0x5b || byte === 0x7b), 0);

/** What a reader has to know of, by its name. */
function refuseRequirements(source: Named, config: Json): void {
  const requirements = config.at("requirements");
  if (!requirements.isThere) return;
  const mandatory = requirements.at("mandatory");
  const names = mandatory.isThere ? mandatory.texts() : [];
  const [first] = names;
  if (first === undefined) return;
  if (/reencrypt/.test(first)) throw unread(source, AREA, `it is being reencrypted (${first})`, REENCRYPTION);
  const help = "Open it with a cryptsetup that knows it, on a copy: cryptsetup open --readonly COPY NAME";
  throw unread(source, AREA, `it requires ${names.join(", ")}, which is not known here`, help);
}

interface Numbered {
  readonly id: string;
  readonly segment: Segment;
}

/** Those of the data; copies that a reencryption keeps are none. */
function segmentsOf(source: Named, root: Json): readonly Numbered[] {
  const all = root.at("segments").numbered();
  const used = all.filter(([, each]) => !flagsOf(each).some((flag) => flag.startsWith("backup-")));
  if (used.length === 0) throw root.at("segments").fault("has none");
  const segments = used.map(([id, each]) => ({ id: String(id), segment: segmentOf(source, each) }));
  const open = segments.findIndex(({ segment }) => segment.size === null);
  if (open < 0 || open === segments.length - 1) return segments;
  throw root.at("segments").fault("has one behind the device's end");
}

const flagsOf = (segment: Json): readonly string[] => {
  const flags = segment.at("flags");
  return flags.isThere ? flags.texts() : [];
};

function segmentOf(source: Named, json: Json): Segment {
  const type = json.at("type").text();
  if (flagsOf(json).includes("in-reencryption")) throw unread(source, AREA, "it is being reencrypted", REENCRYPTION);
  if (type !== "crypt") {
    const help = "Open it with cryptsetup on a copy: cryptsetup open --readonly COPY NAME";
    throw unread(source, AREA, `it has a segment of type ${JSON.stringify(type.slice(0, 32))}`, help);
  }
  refuseIntegrity(source, json.at("integrity"));
  const sectorSize = json.at("sector_size").integer(512, 4096);
  if (![512, 1024, 2048, 4096].includes(sectorSize)) throw json.at("sector_size").fault(`is ${sectorSize}`);
  const [offset, size] = [json.at("offset").bytes(), json.at("size").text()];
  const length = size === "dynamic" ? null : json.at("size").bytes();
  if (offset % SECTOR !== 0) throw json.at("offset").fault(`is no multiple of ${SECTOR}`);
  if (length !== null && (length === 0 || length % sectorSize !== 0)) {
    throw json.at("size").fault(`is no multiple of ${sectorSize}`);
  }
  const encryption = json.at("encryption").name();
  return { offset, size: length, encryption, firstSector: json.at("iv_tweak").bytes(), sectorSize };
}

function refuseIntegrity(source: Named, integrity: Json): void {
  if (!integrity.isThere) return;
  const help = "Open it with the kernel, on a copy: cryptsetup open --readonly COPY NAME";
  throw unread(source, AREA, `its sectors are authenticated (${integrity.at("type").name()})`, help);
}

/** The one of the data, and the slots that it knows; slots of no segment hold other keys. */
function digestOf(
  source: Named,
  root: Json,
  segments: readonly Numbered[],
): { readonly digest: Digest; readonly slots: ReadonlySet<string> } {
  const all = root.at("digests").numbered();
  const found = all.filter(([, each]) =>
    each
      .at("segments")
      .texts()
      .some((id) => segments.some((own) => own.id === id)),
  );
  const [[, json] = [], second] = found;
  if (!json) throw root.at("digests").fault("has none for the data");
  const covered = json.at("segments").texts();
  if (second || !segments.every(({ id }) => covered.includes(id))) {
    throw unread(source, AREA, "its segments have several keys, as while it is being reencrypted", REENCRYPTION);
  }
  const type = json.at("type").text();
  if (type !== "pbkdf2") throw json.at("type").fault(`is ${JSON.stringify(type.slice(0, 32))}`);
  return { digest: parseDigest(json), slots: new Set(json.at("keyslots").texts()) };
}

const parseDigest = (json: Json): Digest => ({
  hash: json.at("hash").name(),
  iterations: json.at("iterations").integer(1, MAX_32),
  salt: json.at("salt").base64(1, 512),
  value: json.at("digest").base64(16, 64),
});

/** The preferred before the others; those of priority 0 are tried only when they are asked for by number, so never. */
function slotsOf(root: Json, wanted: ReadonlySet<string>): readonly KeySlot[] {
  const slots = root.at("keyslots").numbered();
  return slots
    .filter(([id]) => wanted.has(String(id)))
    .map(([id, json]) => slotOf(id, json))
    .filter(({ priority }) => priority > 0)
    .toSorted((a, b) => b.priority - a.priority || a.id - b.id);
}

function slotOf(id: number, json: Json): KeySlot {
  const type = json.at("type").text();
  if (type !== "luks2") throw json.at("type").fault(`is ${JSON.stringify(type.slice(0, 32))}`);
  const [area, split, priority] = [json.at("area"), json.at("af"), json.at("priority")];
  const keyBytes = json.at("key_size").integer(1, Limit.maxKey);
  const stripes = split.at("stripes").integer(1, Limit.maxStripes);
  const size = area.at("size").bytes();
  if (size < keyBytes * stripes) throw area.at("size").fault(`is ${size}, and the key takes ${keyBytes * stripes}`);
  return {
    ...{ id, keyBytes, priority: priority.isThere ? priority.integer(0, 2) : 1 },
    kdf: kdfOf(json.at("kdf")),
    area: {
      offset: area.at("offset").bytes(),
      size: keyBytes * stripes,
      encryption: area.at("encryption").name(),
      keyBytes: area.at("key_size").integer(1, Limit.maxKey),
    },
    split: { stripes, hash: split.at("hash").name() },
  };
}

function kdfOf(json: Json): Kdf {
  const type = json.at("type").text();
  const salt = json.at("salt").base64(8, 512);
  if (type === "pbkdf2") {
    return { type, salt, hash: json.at("hash").name(), iterations: json.at("iterations").integer(1, MAX_32) };
  }
  if (type !== "argon2i" && type !== "argon2id") throw json.at("type").fault(`is ${JSON.stringify(type.slice(0, 32))}`);
  const lanes = json.at("cpus").integer(1, Limit.maxLanes);
  const memory = json.at("memory").integer(8 * lanes, MAX_32);
  return { type, salt, lanes, memory, passes: json.at("time").integer(1, MAX_32) };
}
