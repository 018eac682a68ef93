import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Compiled code for every test, whatever cache each one names for guestkit. */
export const NODE_COMPILE_CACHE = join(root, "node_modules/.cache/guestkit-compile");

/** The command that users run: the bundle, which `built.ts` makes before any test. Arguments follow. */
export const GUESTKIT: readonly [node: string, bundle: string] = [
  process.execPath,
  join(root, "cli/dist/guestkit.mjs"),
];

/** The same as one program, for whatever takes a path. */
export const GUESTKIT_PROGRAM = join(import.meta.dirname, "guestkit");

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Its standard input instead of a pipe with `input`: an open file's number. */
  readonly stdin?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Called once the process runs. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with what it has printed so far. */
  readonly onStdout?: (text: string) => void;
}

/** Whatever a test does, what is printed with --json is as its published schema has it. */
async function asPublished(args: readonly string[], { exitCode, stdout, stderr }: CliResult): Promise<void> {
  if (!(args.includes("--json") || args[0] === "rpc") || exitCode < 0 || exitCode > LAST_WHOLE) return;
  const { faultOf } = await import("./printed.ts");
  const fault = await faultOf(args, { stdout: stdout.toString(), stderr });
  if (fault !== null) throw new Error(fault);
}

/** Exit codes above it are of commands that did not come to their end. */
const LAST_WHOLE = 124;

/** Runs the command line as a user would. What it prints with --json is held to the schemas that its verb names. */
export function guestkit(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const [node, bundle] = GUESTKIT;
  const { cwd, input = "", stdin = "pipe", env = {}, onStart, onStdout } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(node, [bundle, ...args], {
      cwd,
      env: { NODE_COMPILE_CACHE, ...process.env, ...env },
      stdio: [stdin, "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => {
      out.push(chunk);
      onStdout?.(Buffer.concat(out).toString());
    });
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const result = { exitCode: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() };
      asPublished(args, result).then(() => resolve(result), reject);
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    onStart?.((signal) => child.kill(signal));
  });
}

/** The same, its answer as text; throws unless it exits with `code`. */
export async function guestkitText(args: readonly string[], options: CliOptions = {}, code = 0): Promise<string> {
  const { exitCode, stdout, stderr } = await guestkit(args, options);
  if (exitCode === code) return stdout.toString();
  throw new Error(`guestkit ${args.join(" ")} exited with ${exitCode}: ${stderr}`);
}
