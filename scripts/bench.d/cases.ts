import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import type { DebianImage } from "../../test/support/debian-fixture.ts";
import type { Command } from "./measure.ts";
import { preflightCase } from "./preflight.ts";

const root = join(import.meta.dirname, "../..");
const RUNS = 10;
/** An appliance takes most of a minute where KVM does not run. */
const SLOW_RUNS = 1;

export interface Case {
  readonly title: string;
  readonly ours: Command;
  readonly peers: readonly Command[];
  /** What the project aims at, in words. */
  readonly aim: string;
}

const has = (program: string) => {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** A peer, where its program is installed. */
const peer = (program: string, name: string, shell: string, runs = RUNS): Command[] => {
  if (has(program))
    return [{ name, shell, runs, env: { LIBGUESTFS_BACKEND: "direct", LIBGUESTFS_BACKEND_SETTINGS: "force_tcg" } }];
  console.error(`left out: ${name} (${program} is not installed)`);
  return [];
};

export interface Subject extends DebianImage {
  /** Sectors of 512 bytes: where the root partition starts. */
  readonly rootSector: number;
  /** Where its root is mounted read-only; null without root's rights. */
  readonly mounted: string | null;
  /** The provider's launcher, as `npm run provider:install` lays it. */
  readonly provider: string;
}

/** Everything that is measured on one real Debian image. */
export function cases({ path, raw, rootSector, mounted, provider }: Subject): Case[] {
  const guestkit = [process.execPath, ...NODE_FLAGS, join(root, "cli/dist/guestkit.mjs")].join(" ");
  const ours = (shell: string): Command => ({ name: "guestkit", shell: `exec ${guestkit} ${shell}`, runs: RUNS });
  const query = process.env.GUESTKIT_BENCH_TARGET_QUERY ?? "target-query";
  const loop = (name: string, shell: string): Command[] => (mounted ? [{ name, shell, runs: RUNS }] : []);
  const offset = rootSector * 512;
  return [
    {
      title: "inspect, with packages",
      aim: "at most 0.15 CPU s and 100 MiB",
      ours: ours(`inspect --no-cache --json ${path}`),
      peers: [
        ...peer("virt-inspector", "virt-inspector", `exec virt-inspector -a ${path}`, SLOW_RUNS),
        ...peer(query, "dissect, without packages", `exec ${query} -q -f hostname,version,os ${path}`, 3),
      ],
    },
    preflightCase(path, guestkit),
    {
      title: "list every file with its metadata",
      aim: "at most 1.5 times the CPU of fls",
      ours: ours(`ls -R --json ${path} /`),
      peers: [
        ...peer("fls", "fls -r -p -l", `exec fls -r -p -l -o ${rootSector} ${raw}`),
        ...loop("find -ls, loop mount", `exec find ${mounted} -ls`),
        ...peer("guestfish", "guestfish find", `exec guestfish --ro -a ${path} -i find /`, SLOW_RUNS),
      ],
    },
    {
      title: "read the whole tree out as tar",
      aim: "at most 2 times the CPU of tar over a loop mount",
      ours: ours(`tar ${path} / | cat >/dev/null`),
      peers: [
        ...loop("tar, loop mount", `tar -C ${mounted} --xattrs -cf - . | cat >/dev/null`),
        ...peer("guestfish", "guestfish tar-out", `exec guestfish --ro -a ${path} -i tar-out / /dev/null`, SLOW_RUNS),
      ],
    },
    {
      title: "one small file",
      aim: "as near to debugfs as a start of Node lets it",
      ours: ours(`cat ${path} /etc/passwd`),
      peers: [
        ...peer("debugfs", "debugfs cat", `exec debugfs -R 'cat /etc/passwd' '${raw}?offset=${offset}'`),
        ...peer("fcat", "fcat", `exec fcat -o ${rootSector} /etc/passwd ${raw}`),
        ...peer("virt-cat", "virt-cat", `exec virt-cat -a ${path} /etc/passwd`, SLOW_RUNS),
      ],
    },
    {
      title: "provider: from its start to the handshake",
      aim: "at most 0.06 CPU s",
      ours: { name: "guestkit", shell: handshake(provider), runs: RUNS },
      peers: [{ name: "node, doing nothing", shell: `exec ${process.execPath} -e 0`, runs: RUNS }],
    },
  ];
}

/** Starts the installed provider as Terraform does, and ends it at its first line. */
export function handshake(program: string): string {
  const cookie = "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
  const start = `echo $$ >&3; exec env ${cookie} PLUGIN_PROTOCOL_VERSIONS=6 ${program} 3>&-`;
  return `pid=$(mktemp); sh -c '${start}' 3>$pid | { read line; kill $(cat $pid); }; rm $pid`;
}
