import type { Tree } from "../filesystem/tree.ts";
import { type Group, readGroups, readUsers, type User } from "../guest/accounts.ts";
import { type Password, readPasswords } from "../guest/facts/access/passwords.ts";
import { type SshdSetting, sshdSettings } from "../guest/facts/access/sshd-settings.ts";
import { type KeyMaterial, readKeyMaterial } from "../guest/facts/security/certificates.ts";
import { type Credential, readCredentials } from "../guest/facts/security/credentials.ts";
import { readServices, type Service } from "../guest/facts/services/index.ts";
import { PACKAGES_SHARE, type PackageFormat, readPackageFormat, readPackages } from "../guest/packages/index.ts";
import type { Package } from "../guest/packages/package.ts";
import { readRelease } from "../guest/release.ts";
import { readSshdFiles, type SshdMatch, sshdLines, sshdMatches } from "../guest/sshd-config.ts";
import type { Root } from "../inspect/index.ts";
import type { Allowance } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Codec } from "../source/codec.ts";
import { elsewhere, withHoles } from "./holes.ts";

export interface Packages {
  readonly format: PackageFormat;
  readonly all: readonly Package[];
}

export interface Sshd {
  readonly settings: readonly SshdSetting[];
  readonly matches: readonly SshdMatch[];
}

/** Certificates and private keys in the usual places, and what could not be read among them. */
export interface Keys extends KeyMaterial {
  readonly unread: readonly string[];
}

/** What rules ask of a system, each read by the first rule that asks, once. Throws what reading it throws, each time. */
export interface Facts {
  readonly tree: Tree;
  readonly codec: Codec;
  /** The day by which certificates are judged (UTC): `2026-11-30`. */
  readonly today: string;
  packages(): Promise<Packages>;
  users(): Promise<readonly User[]>;
  groups(): Promise<readonly Group[]>;
  /** Null where there is no /etc/passwd. */
  passwords(): Promise<readonly Password[] | null>;
  services(): Promise<readonly Service[]>;
  /** Null where there is no configuration. */
  sshd(): Promise<Sshd | null>;
  keys(): Promise<Keys>;
  credentials(): Promise<readonly Credential[]>;
  /** Throws `E_CHECK_UNMOUNTED` where a path lies in what is mounted from elsewhere: whatever the tree has there is hidden. */
  demandMounted(path: string): void;
}

/** Web servers' folders and homes hold more than configuration does. */
const KEYS_SHARE: Partial<Allowance> = { bytes: 64 << 20, names: 300_000 };

export async function factsOf({ tree: whole, unmounted }: Root, codec: Codec, today: string): Promise<Facts> {
  const tree = await withHoles(whole, unmounted);
  const part = <T>(name: string, read: () => Promise<T>, share?: Partial<Allowance>) =>
    once(() => tree.budget.part(name, read, share));
  const users = part("users", () => readUsers(tree));
  const demandMounted = (path: string) => {
    const target = unmounted.find((each) => path === each || path.startsWith(`${each}/`));
    if (target !== undefined) throw elsewhere(path, target);
  };
  return {
    ...{ tree, codec, today, users, demandMounted },
    packages: part("packages", () => packagesOf(tree), PACKAGES_SHARE),
    groups: part("groups", () => readGroups(tree)),
    passwords: part("passwords", () => readPasswords(tree)),
    services: part("services", () => readServices(tree)),
    sshd: part("the SSH server", () => sshdOf(tree)),
    keys: part("keys", async () => keysOf(tree, await withOldHomes(tree, users), codec), KEYS_SHARE),
    credentials: part("credentials", async () => readCredentials({ tree, users: await withOldHomes(tree, users) })),
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= read();
    return found;
  };
}

async function packagesOf(tree: Tree): Promise<Packages> {
  const format = await readPackageFormat(tree, await readRelease(tree));
  if (format === null) throw unlisted("it has no list of a kind that is read");
  const all = await readPackages(tree, format);
  // No system that has a package manager has nothing of it.
  if (all.length === 0) throw unlisted(`its list of ${format} names none`);
  return { format, all };
}

function unlisted(why: string): GuestkitError {
  return new GuestkitError("E_CHECK_PACKAGES", `Cannot tell its packages: ${why}`, {
    help: "Check the files that the package brings instead: file, with path.",
  });
}

async function sshdOf(tree: Tree): Promise<Sshd | null> {
  const files = await readSshdFiles(tree, { whole: true });
  return files && { settings: sshdSettings(sshdLines(files)), matches: sshdMatches(files) };
}

/** A folder of /home that nobody has any more counts as somebody's. */
async function withOldHomes(tree: Tree, users: () => Promise<readonly User[]>): Promise<readonly User[]> {
  const old = (await tree.names("/home")).map((name) => ({ name, home: `/home/${name}`, uid: 0, gid: 0, gecos: null }));
  return [...(await users()), ...old.map((each) => ({ ...each, shell: "", groups: [] }))];
}

async function keysOf(tree: Tree, users: readonly User[], codec: Codec): Promise<Keys> {
  const unread: string[] = [];
  const found = await readKeyMaterial({ tree, users, codec, warn: (text) => void unread.push(text) });
  return { ...found, unread };
}
