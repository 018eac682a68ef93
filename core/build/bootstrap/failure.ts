import { GuestkitError } from "../../kit/errors.ts";
import type { BootstrapInput } from "./input.ts";

interface Known {
  readonly code: string;
  readonly shape: RegExp;
  readonly message: (found: string) => string;
  readonly help: string;
  readonly field: (found: string, input: BootstrapInput) => readonly (string | number)[];
}

const MIRROR_HELP = "Check bootstrap.mirror, GUESTKIT_MIRROR or the host's apt sources, and the network.";

const KNOWN: readonly Known[] = [
  {
    code: "E_BOOTSTRAP_PACKAGE",
    shape:
      /^E: (?:Unable to locate package|Package '?|Couldn't find any package by (?:glob|regex) '?)\s*([a-z0-9][^\s']*)/,
    message: (name) => `package "${name}" is not in the archive`,
    help: "Check its name, the release and the components (contrib, non-free-firmware).",
    field: (name, input) => {
      const index = input.packages.indexOf(name);
      return index < 0 ? (name === input.kernel ? ["kernel"] : ["packages"]) : ["packages", index];
    },
  },
  {
    code: "E_BOOTSTRAP_KEYRING",
    shape: /^(?:W|E): .*(NO_PUBKEY \w+|is not signed|EXPKEYSIG \w+)/,
    message: (why) => `the archive's signature is not trusted (${why})`,
    help: "Install the archive's keys (sudo apt-get install debian-archive-keyring), or name its bootstrap.keyring.",
    field: () => ["keyring"],
  },
  {
    code: "E_BOOTSTRAP_SPACE",
    shape: /(No space left on device|Disk quota exceeded)/,
    message: () => "no space is left where guestkit works",
    help: "Make room, or set GUESTKIT_CACHE_DIR to a folder with more.",
    field: () => [],
  },
  {
    code: "E_BOOTSTRAP_RELEASE",
    shape: /^E: The repository '([^']+)' does not have a Release file/,
    message: (repository) => `there is no release at ${repository}`,
    help: `Check bootstrap.release. ${MIRROR_HELP}`,
    field: () => ["release"],
  },
  {
    code: "E_BOOTSTRAP_MIRROR",
    shape: /^(?:E|W|Err:\d+):? ?(?:Failed to fetch|Could not (?:resolve|connect)|Unable to fetch)\s*(.*)/,
    message: (what) => `the archive cannot be fetched: ${what}`,
    help: MIRROR_HELP,
    field: () => ["mirror"],
  },
];

/** Watches what apt prints for a cause that has a better name than "mmdebstrap failed". */
export function watchFailure(input: BootstrapInput) {
  const seen: GuestkitError[] = [];
  return {
    line(text: string): void {
      for (const known of KNOWN) {
        const found = known.shape.exec(text)?.[1];
        if (found !== undefined) seen.push(explain(known, found, input));
      }
    },
    /** The cause that ranks first among those seen, else the error itself. */
    explain(error: unknown): unknown {
      const rank = (each: GuestkitError) => KNOWN.findIndex((known) => known.code === each.code);
      const best = seen.sort((a, b) => rank(a) - rank(b))[0];
      if (best === undefined || !(error instanceof GuestkitError)) return error;
      return new GuestkitError(best.code, best.message, { help: best.help, at: best.at, cause: error });
    },
  };
}

function explain(known: Known, found: string, input: BootstrapInput): GuestkitError {
  const field = known.field(found, input);
  return new GuestkitError(known.code, `Cannot bootstrap ${input.release}: ${known.message(found)}`, {
    help: known.help,
    at: field.length > 0 ? { field: ["bootstrap", ...field] } : undefined,
  });
}
