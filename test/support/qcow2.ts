import { deflateRawSync } from "node:zlib";

/** One guest cluster of a made-up image; in extended L2 `stored` and `zeros` are bitmaps of its 32 subclusters. */
export type Cluster =
  | { readonly kind: "parent" | "zero" | "data" | "compressed"; readonly fill: number }
  | { readonly kind: "subclusters"; readonly fill: number; readonly stored: number; readonly zeros: number };

export interface Plan {
  readonly version: 2 | 3;
  readonly clusterBits: number;
  readonly extended: boolean;
  /** Bytes missing at the end of the last cluster. */
  readonly short: number;
  readonly clusters: readonly Cluster[];
  readonly backing?: string;
}

/** An image of `plan`, laid out back to front so that neighbours in the guest are none in the file. */
export function makeQcow2(plan: Plan): Uint8Array {
  const { clusterBits, extended, clusters } = plan;
  const clusterSize = 2 ** clusterBits;
  const entrySize = extended ? 16 : 8;
  const perTable = clusterSize / entrySize;
  const tables = Math.ceil(clusters.length / perTable);
  const l1Clusters = Math.max(1, Math.ceil((tables * 8) / clusterSize));
  const first = 1 + l1Clusters + tables;
  const file = new Uint8Array((first + clusters.length) * clusterSize);
  const view = new DataView(file.buffer);
  writeHeader(view, plan, tables);
  for (let table = 0; table < tables; table++) {
    const offset = (1 + l1Clusters + table) * clusterSize;
    view.setBigUint64(clusterSize + table * 8, BigInt(offset) | (1n << 63n));
  }
  clusters.forEach((cluster, index) => {
    const at = (1 + l1Clusters) * clusterSize + index * entrySize;
    const host = (first + clusters.length - 1 - index) * clusterSize;
    writeEntry(view, plan, cluster, at, host);
  });
  return file;
}

function writeHeader(view: DataView, plan: Plan, tables: number): void {
  const { version, clusterBits, clusters, short, extended, backing } = plan;
  const clusterSize = 2 ** clusterBits;
  view.setUint32(0, 0x514649fb);
  view.setUint32(4, version);
  view.setUint32(20, clusterBits);
  view.setBigUint64(24, BigInt(clusters.length * clusterSize - short));
  view.setUint32(36, tables);
  view.setBigUint64(40, BigInt(clusterSize));
  if (version === 3) {
    view.setBigUint64(72, extended ? 16n : 0n);
    view.setUint32(96, 4);
    view.setUint32(100, 104);
  }
  if (backing === undefined) return;
  const name = new TextEncoder().encode(backing);
  view.setBigUint64(8, BigInt(clusterSize - name.length));
  view.setUint32(16, name.length);
  new Uint8Array(view.buffer).set(name, clusterSize - name.length);
}

function writeEntry(view: DataView, plan: Plan, cluster: Cluster, at: number, host: number): void {
  const { clusterBits, extended } = plan;
  const all = extended ? 0xffffffff : 0;
  if (cluster.kind === "parent") return;
  if (cluster.kind === "zero") {
    if (extended) view.setUint32(at + 8, all);
    else view.setBigUint64(at, 1n);
    return;
  }
  const content = clusterContent(plan, cluster.fill);
  if (cluster.kind === "compressed") {
    const packed = deflateRawSync(content);
    const place = BigInt(host) + 3n;
    const sectors = BigInt(Math.floor((3 + packed.length - 1) / 512));
    view.setBigUint64(at, (1n << 62n) | (sectors << BigInt(70 - clusterBits)) | place);
    new Uint8Array(view.buffer).set(packed, Number(place));
    return;
  }
  view.setBigUint64(at, BigInt(host) | (1n << 63n));
  new Uint8Array(view.buffer).set(content, host);
  if (!extended) return;
  view.setUint32(at + 8, cluster.kind === "subclusters" ? cluster.zeros : 0);
  view.setUint32(at + 12, cluster.kind === "subclusters" ? cluster.stored : all);
}

/** Short enough to be packed into less than a cluster, and different everywhere. */
export function clusterContent({ clusterBits }: Plan, fill: number): Uint8Array {
  return Uint8Array.from({ length: 2 ** clusterBits }, (_, index) => (fill + (index >> 6)) & 0xff);
}

/** What the guest sees, a parent's bytes where the plan says so. */
export function guestBytes(plan: Plan, parent: Uint8Array = new Uint8Array()): Uint8Array {
  const clusterSize = 2 ** plan.clusterBits;
  const bytes = new Uint8Array(plan.clusters.length * clusterSize);
  bytes.set(parent.subarray(0, bytes.length));
  plan.clusters.forEach((cluster, index) => {
    const part = bytes.subarray(index * clusterSize, (index + 1) * clusterSize);
    if (cluster.kind === "zero") part.fill(0);
    else if (cluster.kind === "subclusters") paintSubclusters(plan, cluster, part);
    else if (cluster.kind !== "parent") part.set(clusterContent(plan, cluster.fill));
  });
  return bytes.subarray(0, bytes.length - plan.short);
}

function paintSubclusters(plan: Plan, cluster: Cluster & { kind: "subclusters" }, part: Uint8Array): void {
  const size = part.length / 32;
  const content = clusterContent(plan, cluster.fill);
  for (let index = 0; index < 32; index++) {
    const range = [index * size, (index + 1) * size] as const;
    if ((cluster.zeros >>> index) & 1) part.fill(0, ...range);
    else if ((cluster.stored >>> index) & 1) part.set(content.subarray(...range), range[0]);
  }
}
