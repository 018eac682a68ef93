import { isLate } from "../../../kit/budget.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import type { FactKind, Known } from "../fact.ts";
import { type DeployData, parseDeploy } from "./deploy.ts";

/** An application or runtime that flatpak has installed. What it does not keep is null. */
export interface Flatpak {
  readonly kind: "app" | "runtime";
  /** Its ID: `org.gnome.Calculator`. */
  readonly name: string;
  readonly arch: string;
  readonly branch: string;
  /** Its makers' own version. */
  readonly version: string | null;
  readonly license: string | null;
  /** Of an application what it runs in: `org.gnome.Platform/x86_64/46`. */
  readonly runtime: string | null;
  /** The remote that it came from. */
  readonly origin: string | null;
  /** 64 hexadecimal digits. */
  readonly commit: string;
  /** Bytes installed, as flatpak says. */
  readonly size: number | null;
  /** Whose installation it is in; null for that of the system. */
  readonly user: string | null;
}

const SYSTEM = "/var/lib/flatpak";
const OWN = ".local/share/flatpak";
/** Folders and links of more are made to exhaust their reader. */
const MOST = 10_000;
const MAX_DEPLOY = 1 << 20;

export const flatpaks: FactKind<readonly Flatpak[]> = { read: readFlatpaks };

/** Those of the system, then each user's. Throws `E_FLATPAK_COUNT`, and what the tree throws. */
export async function readFlatpaks(known: Known): Promise<readonly Flatpak[]> {
  const homes = (known.users ?? []).filter(({ home }) => home.startsWith("/"));
  const places = [
    { folder: SYSTEM, user: null },
    ...homes.map(({ name, home }) => ({ folder: `${home}/${OWN}`, user: name })),
  ];
  const found: Flatpak[] = [];
  const seen = new Set<string>();
  for (const { folder, user } of places) {
    // Users may share a home.
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const kind of ["app", "runtime"] as const) {
      for await (const each of installed(known, folder, kind)) {
        if (found.length === MOST) throw tooMany(folder);
        found.push({ ...each, user });
      }
    }
  }
  return found;
}

/** Folders by ID, architecture and branch; in each a link to the commit that counts. */
async function* installed(known: Known, folder: string, kind: Flatpak["kind"]): AsyncGenerator<Flatpak> {
  const { tree } = known;
  for (const name of await tree.names(`${folder}/${kind}`)) {
    for (const arch of await tree.names(`${folder}/${kind}/${name}`)) {
      // A link that names the branch that starts.
      if (arch === "current") continue;
      for (const branch of await tree.names(`${folder}/${kind}/${name}/${arch}`)) {
        const path = `${folder}/${kind}/${name}/${arch}/${branch}`;
        const commit = await tree.readLink(`${path}/active`);
        if (commit === null || !/^[0-9a-f]{64}$/.test(commit)) continue;
        const data = await deployData(known, `${path}/${commit}/deploy`);
        yield { kind, name, arch, branch, ...told(data), commit, user: null };
      }
    }
  }
}

function told(data: DeployData | null) {
  const text = (name: string) => data?.texts.get(name) || null;
  return {
    ...{ version: text("appdata-version"), license: text("appdata-license"), runtime: text("runtime") },
    ...{ origin: data?.origin ?? null, size: data?.size ?? null },
  };
}

/** Null, with a warning, where it cannot be read: that it is installed is known by its folder. */
async function deployData({ tree, warn }: Known, path: string): Promise<DeployData | null> {
  try {
    const bytes = await tree.readFile(path, MAX_DEPLOY);
    const data = bytes && parseDeploy(bytes);
    if (!data) warn(`${path} is not what flatpak keeps of an installation`);
    return data;
  } catch (error) {
    if (!(error instanceof GuestkitError) || isLate(error)) throw error;
    warn(`${path} cannot be read: ${error.message}`);
    return null;
  }
}

function tooMany(folder: string): GuestkitError {
  return new GuestkitError("E_FLATPAK_COUNT", `Cannot read the flatpaks in "${folder}": there are more than ${MOST}`, {
    at: { file: folder },
    help: "Look at it with flatpak list in the guest.",
  });
}
