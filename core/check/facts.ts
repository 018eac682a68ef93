import type { Tree } from "../filesystem/tree.ts";
import { type Group, readGroups, readUsers, type User } from "../guest/accounts.ts";
import { PACKAGES_SHARE, type PackageFormat, readPackageFormat, readPackages } from "../guest/packages/index.ts";
import type { Package } from "../guest/packages/package.ts";
import { readRelease } from "../guest/release.ts";
import { readSshdFiles, type SshdLine, sshdLines } from "../guest/sshd-config.ts";
import type { Root } from "../inspect/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Codec } from "../source/codec.ts";

export interface Packages {
  readonly format: PackageFormat;
  readonly all: readonly Package[];
}

/** What rules ask of a system, each read by the first rule that asks, once. Throws what reading it throws, each time. */
export interface Facts {
  readonly tree: Tree;
  readonly codec: Pick<Codec, "digest">;
  packages(): Promise<Packages>;
  users(): Promise<readonly User[]>;
  groups(): Promise<readonly Group[]>;
  /** Null where there is no configuration. */
  sshd(): Promise<readonly SshdLine[] | null>;
  /** Throws `E_CHECK_UNMOUNTED` where a path lies in what is mounted from elsewhere: whatever the tree has there is hidden. */
  demandMounted(path: string): void;
}

export function factsOf({ tree, unmounted }: Root, codec: Facts["codec"]): Facts {
  const { budget } = tree;
  return {
    tree,
    codec,
    packages: once(() => budget.part("packages", () => packagesOf(tree), PACKAGES_SHARE)),
    users: once(() => budget.part("users", () => readUsers(tree))),
    groups: once(() => budget.part("groups", () => readGroups(tree))),
    sshd: once(() => budget.part("the SSH server", () => sshdOf(tree))),
    demandMounted: (path) => {
      const target = unmounted.find((each) => path === each || path.startsWith(`${each}/`));
      if (target !== undefined) throw elsewhere(path, target);
    },
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
  if (format !== null) return { format, all: await readPackages(tree, format) };
  throw new GuestkitError("E_CHECK_PACKAGES", "Cannot tell its packages: it has no list of a kind that is read", {
    help: "Check the files that the package brings instead: file, with path.",
  });
}

async function sshdOf(tree: Tree): Promise<readonly SshdLine[] | null> {
  const files = await readSshdFiles(tree);
  return files && sshdLines(files);
}

function elsewhere(path: string, target: string): GuestkitError {
  return new GuestkitError(
    "E_CHECK_UNMOUNTED",
    `Cannot look at "${path}": ${target} is mounted from what is not on these disks, or cannot be read`,
    { help: "Give the disks that are missing (--with), or their keys (--key)." },
  );
}
