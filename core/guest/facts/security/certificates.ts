import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import type { Known } from "../fact.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { pemBlocks, pemBytes } from "./pem.ts";
import { type Candidate, candidates, placesOf } from "./places.ts";
import { type KeyKind, privateKeys } from "./private-key.ts";

export interface FoundCertificate extends Certificate {
  readonly path: string;
}

/** A private key, of which nothing is told but where and how it lies. */
export interface PrivateKey extends KeyKind {
  readonly path: string;
  /** Permissions in octal digits: `0600`. */
  readonly mode: string;
  readonly uid: number;
}

/** A file with so many certificates that it is somebody's trust store: they are not told one by one. */
export interface Bundle {
  readonly path: string;
  readonly certificates: number;
}

export interface KeyMaterial {
  readonly certificates: readonly FoundCertificate[];
  readonly bundles: readonly Bundle[];
  readonly private_keys: readonly PrivateKey[];
}

/** Chains that servers present hold up to five, trust stores some hundred. */
const MOST_IN_CHAIN = 16;
const LABELS = new Set(["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]);

/** Certificates and private keys in the usual places; each file is read once. */
export async function readKeyMaterial({
  tree,
  users,
  codec,
  warn,
}: Pick<Known, "tree" | "users" | "codec" | "warn">): Promise<KeyMaterial> {
  const [certificates, bundles, keys]: [FoundCertificate[], Bundle[], PrivateKey[]] = [[], [], []];
  for (const place of placesOf(users ?? [])) {
    for await (const { path, node, mode, uid } of candidates(tree, place)) {
      const bytes = await contentOf(tree, { path, node });
      const blocks = certificateBytes(path, bytes);
      if (blocks.length > MOST_IN_CHAIN) bundles.push({ path, certificates: blocks.length });
      else for (const each of blocks) certificates.push(...certificate(path, each, { codec, warn }));
      const octal = mode.toString(8).padStart(4, "0");
      for (const key of privateKeys(path, latin1(bytes))) keys.push({ path, ...key, mode: octal, uid });
    }
  }
  return { certificates, bundles, private_keys: keys };
}

async function contentOf({ budget }: Tree, { path, node }: Pick<Candidate, "path" | "node">): Promise<Uint8Array> {
  const source = await node.fs.open(node.inode);
  budget.spend("bytes", source.size, path);
  budget.spend("entries", 1, path);
  return await source.read(0, source.size);
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

/** What a file holds, in text (null where that is no base64) or as it is. */
function certificateBytes(path: string, bytes: Uint8Array): readonly (Uint8Array | null)[] {
  if (bytes[0] === 0x30 && /\.(?:crt|cer|der)$/i.test(path)) return [bytes];
  const blocks = pemBlocks(latin1(bytes)).filter(({ label }) => LABELS.has(label));
  return blocks.length > MOST_IN_CHAIN ? blocks.map(() => null) : blocks.map(pemBytes);
}

function certificate(
  path: string,
  bytes: Uint8Array | null,
  { codec, warn }: Pick<Known, "codec" | "warn">,
): readonly FoundCertificate[] {
  try {
    if (bytes) return [{ path, ...parseCertificate(bytes, codec) }];
    warn(`"${path}" has a certificate that cannot be read: it is no base64`);
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    warn(`"${path}" has a certificate that cannot be read: ${error.message}`);
  }
  return [];
}
