import type { Codec } from "../../../source/codec.ts";
import { readElfSections } from "../../elf.ts";
import type { Known } from "../fact.ts";
import type { Find } from "./find.ts";
import { parseGoBuildInfo } from "./go.ts";
import { type LanguagePackage, languagePackage } from "./package.ts";

const [GO, RUST] = [".go.buildinfo", ".dep-v0"];
/** What a list of crates may unpack to. */
const LARGEST = 8 << 20;

/** What a program says of what it was made of: Go's build info, Rust's list of crates (cargo auditable). */
export async function readProgram({ tree, codec }: Known, { path, node }: Find): Promise<readonly LanguagePackage[]> {
  const source = await node.fs.open(node.inode);
  const charge = (bytes: number) => tree.budget.spend("bytes", bytes, path);
  charge(64);
  const sections = await readElfSections(source, [GO, RUST]);
  const [go, rust] = [sections?.get(GO), sections?.get(RUST)];
  charge((go?.length ?? 0) + (rust?.length ?? 0));
  return [...(go ? parseGoBuildInfo(go, path) : []), ...(rust ? await readCrates(rust, path, codec, charge) : [])];
}

/** zlib of JSON (rust-secure-code/cargo-auditable, PARSING.md). Throws `E_SOURCE_COMPRESSION`. */
async function readCrates(
  section: Uint8Array,
  path: string,
  codec: Codec,
  charge: (bytes: number) => void,
): Promise<readonly LanguagePackage[]> {
  const plain = await codec.decompress("zlib", section, LARGEST, 1);
  charge(plain.length);
  const text = new TextDecoder().decode(plain);
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return [];
  }
  const { packages } = (told ?? {}) as { readonly packages?: unknown };
  return (Array.isArray(packages) ? packages : []).flatMap((each: unknown) => {
    const { name, version } = (each ?? {}) as { readonly name?: unknown; readonly version?: unknown };
    if (typeof name !== "string" || typeof version !== "string") return [];
    const found = languagePackage("cargo", name, version, path);
    return found ? [found] : [];
  });
}
