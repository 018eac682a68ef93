import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Machine, Share, ShareKind } from "../../core/machine/machine.ts";
import type { Attachment } from "../../core/machine/run.ts";
import { connectAgent } from "../../core/qemu/agent/index.ts";
import { declaredAttachments, openChannels } from "../../core/share/attachment.ts";
import { mountScript } from "../../core/share/mount.ts";
import { contextIn, machineOf, networkOf, shareOf, startQemu } from "./machine.ts";
import { describeFiles, expectedList, GUEST_LIST, makeOddFiles } from "./odd-files.ts";

export interface Matrix {
  readonly kernel: string;
  readonly initrd: string;
  readonly cmdline: string;
  /** Where the machine and its shares lie. */
  readonly folder: string;
  readonly kinds: readonly ShareKind[];
  /** The folder that is shared by a kind, where it is not one below `folder`. */
  readonly places?: Readonly<Partial<Record<ShareKind, string>>>;
  /** Files on either side, and the bytes of the largest one. */
  readonly count: number;
  readonly largest: number;
}

/** What was found of a kind: words that a test compares. */
export interface Verdict {
  /** The guest sees the names, modes and sizes of the host's files. */
  readonly seen: boolean;
  /** Names of files that differ on the host between those made there, and the guest's copies of them. */
  readonly differ: readonly string[];
  /** Owner on the host of what the guest wrote; null where nothing came. */
  readonly owner: number | null;
  /** What the guest read where it tried to get out; empty where it got nothing. */
  readonly escaped: string;
  /** Whether the guest could write to the read-only twin. */
  readonly wrote: boolean;
  readonly said: string;
}

const SECRET = "the host's own secret";

/** One boot of the micro guest with a share of each kind, and a read-only twin. */
export async function shareMatrix(matrix: Matrix): Promise<Readonly<Record<string, Verdict>>> {
  const { folder, kinds, kernel, initrd, cmdline } = matrix;
  const places = new Map(kinds.map((kind) => [kind, matrix.places?.[kind] ?? join(folder, `shared, "${kind}"`)]));
  const shares: Record<string, Share> = {};
  for (const [kind, path] of places) {
    await mkdir(path, { recursive: true });
    await makeOddFiles(join(path, "host"), matrix.count, matrix.largest, kind !== "smb");
    await temptations(path, join(folder, "secret"));
    shares[`${kind}-rw`] = shareOf(path, { kind, mount: `/mnt/${kind} rw` });
    shares[`${kind}-ro`] = shareOf(path, { kind, mount: `/mnt/${kind}-ro`, read_only: true });
  }
  const boot = { kernel, initrd, cmdline, memory: 512 << 20, networks: { lan: networkOf("user", { isolated: true }) } };
  const machine = machineOf({ name: "matrix", ...boot, shares });
  await using started = await startQemu(machine, contextIn(folder));
  const attached = declaredAttachments(machine);
  const { sockets } = started.folder;
  await openChannels(attached, sockets);
  await hearServers(sockets);
  await using agent = await connectAgent(started.folder.socket("agent"), { timeoutMs: 180_000 });
  const tell = async (script: string) => {
    const answer = await agent.exec({ path: "/bin/sh", args: ["-c", script], timeoutMs: 400_000 });
    return { exitCode: answer.exitCode, text: `${Buffer.from(answer.stdout)}${Buffer.from(answer.stderr)}`.trim() };
  };
  const run = async (script: string) => (await tell(script)).text;
  const verdicts: Record<string, Verdict> = {};
  for (const [kind, path] of places) {
    let said = "";
    for (const each of attached.filter(({ share }) => share.kind === kind)) {
      const { exitCode, text } = await tell(mountScript(each, machine));
      if (exitCode !== 0 || text !== "") said += `mount ${each.tag} ended with ${exitCode}: ${text}\n`;
    }
    const at = `/mnt/'${kind} rw'`;
    const list = await run(`cd ${at}/host && { ${GUEST_LIST}; }`);
    const seen = list === (await expectedList(join(path, "host")));
    said += seen ? "" : await run(`ls -la ${at} ${at}/host | head -60`);
    said += await run(`mkdir ${at}/guest && cd ${at}/host && cp -a . ../guest/; sync`);
    let escaped = await run(tries(at, folder));
    const wrote = !/read-only/i.test(await run(`touch /mnt/${kind}-ro/new`));
    const [made, copied] = [await describeFiles(join(path, "host")), await describeFiles(join(path, "guest"))];
    const differ = [...new Set([...Object.keys(made), ...Object.keys(copied)])].filter((n) => made[n] !== copied[n]);
    const owner = (await stat(join(path, "guest")).catch(() => null))?.uid ?? null;
    if (owner === null) said += await run("cat /proc/mounts; ps; dmesg | tail -n 20");
    if (owner === null) said += await wordsOfServers(sockets);
    await run(`umount ${at}; umount /mnt/${kind}-ro`);
    if (kind === "smb") escaped += await byServer(attached, machine, run);
    verdicts[kind] = { seen, differ: differ.map(shown(made, copied)), owner, escaped: leaks(escaped), wrote, said };
  }
  return verdicts;
}

const CHANNEL = /^channel-\d+$/;

/** Has the servers of channels say on a file what they otherwise say to nobody. */
async function hearServers(sockets: string): Promise<void> {
  for (const name of (await readdir(sockets)).filter((each) => CHANNEL.test(each))) {
    const script = await readFile(join(sockets, name), "utf8");
    if (!script.startsWith("exec 2>/dev/null\n")) throw new Error(`${name} begins otherwise than this test knows`);
    await writeFile(join(sockets, name), script.replace("/dev/null", '"$0.said"'));
  }
}

async function wordsOfServers(sockets: string): Promise<string> {
  const names = (await readdir(sockets)).filter((each) => each.endsWith(".said"));
  const texts = names.map(async (name) => `\n${name}: ${(await readFile(join(sockets, name), "utf8")).slice(-2000)}`);
  return (await Promise.all(texts)).join("");
}

/** Without Unix extensions it is the server that follows links. */
async function byServer(
  attached: readonly Attachment[],
  machine: Machine,
  run: (script: string) => Promise<string>,
): Promise<string> {
  const found = attached.find(({ share }) => share.kind === "smb" && !share.read_only);
  if (!found) return "";
  const again = { ...found, share: { ...found.share, mount: "/mnt/smb2", options: ["vers=2.1"] } };
  const said = await run(mountScript(again, machine));
  return (
    said +
    (await run("cd /mnt/smb2 && ls && cat out-absolute out-relative out-root/etc/passwd; cd /; umount /mnt/smb2"))
  );
}

const shown =
  (made: Readonly<Record<string, string>>, copied: Readonly<Record<string, string>>) =>
  (name: string): string =>
    `${Buffer.from(name, "hex")}: ${made[name] ?? "-"} / ${copied[name] ?? "-"}`;

const leaks = (text: string): string => (text.includes(SECRET) ? text : "");

/** A secret beside the share, and links on the host that lead to it. */
async function temptations(path: string, secret: string): Promise<void> {
  await writeFile(secret, SECRET);
  await rm(join(path, "out-absolute"), { force: true });
  await symlink(secret, join(path, "out-absolute"));
  await symlink("../secret", join(path, "out-relative"));
  await symlink("/", join(path, "out-root"));
}

/** The guest's ways out: links of the host's, links of its own, dots, and hard links. Older SMB follows on the server. */
const tries = (at: string, folder: string): string => `cd ${at}
cat out-absolute out-relative out-root${folder}/secret ../secret ./../secret
ln -s ../secret own-relative; cat own-relative; cat own-relative/../../secret
ln -s '${folder}/secret' own-absolute; cat own-absolute
ln out-absolute hard; cat hard; ln ../secret hard2; cat hard2
mkdir deep; cd deep; cat ../../secret`;
