import type { FileStat } from "../../filesystem/filesystem.ts";
import { hexOf } from "../../kit/struct.ts";
import type { Facts } from "../facts.ts";
import { matchesLine } from "../pattern.ts";
import type { FileRule } from "../rule.ts";

/** Why a rule about a file does not hold; empty where it does. */
export async function checkFile(rule: FileRule, facts: Facts): Promise<readonly string[]> {
  const { path, state } = rule;
  facts.demandMounted(path);
  // A link that leads nowhere yet is there as well.
  const node = await facts.tree.resolve(path, { follow: rule.type !== "symlink" && state !== "absent" });
  if (!node) return state === "present" ? [`${path} is not there`] : [];
  if (state === "absent") return [`${path} is there`];
  const stat = await node.fs.stat(node.inode);
  if (rule.type !== null && stat.type !== rule.type) return [`${path} is a ${stat.type}`];
  const found = [...(await attributes(rule, stat, facts)), ...(await content(rule, stat, facts))];
  return found.map((each) => `${path} ${each}`);
}

async function attributes(rule: FileRule, { mode, uid, gid }: FileStat, facts: Facts): Promise<readonly string[]> {
  const found: string[] = [];
  if (rule.mode !== null && mode !== Number.parseInt(rule.mode, 8)) found.push(`has mode ${octal(mode)}`);
  const most = rule.mode_at_most === null ? 0o7777 : Number.parseInt(rule.mode_at_most, 8);
  if ((mode & ~most) !== 0) found.push(`has mode ${octal(mode)}: ${octal(mode & ~most)} is too much`);
  if (rule.owner !== null) {
    const all = (await facts.users()).map(({ name, uid: id }) => ({ name, id }));
    if (idOf(rule.owner, all) !== uid) found.push(`belongs to ${nameOf(uid, all)}`);
  }
  if (rule.group !== null) {
    const all = (await facts.groups()).map(({ name, gid: id }) => ({ name, id }));
    if (idOf(rule.group, all) !== gid) found.push(`is of the group ${nameOf(gid, all)}`);
  }
  return found;
}

const octal = (mode: number): string => mode.toString(8).padStart(4, "0");

interface Named {
  readonly name: string;
  readonly id: number;
}

/** As getpwnam(3) has it: of several lines with one name the first one counts, and several names may have one number. */
const idOf = (wanted: string, all: readonly Named[]): number | undefined =>
  /^\d+$/.test(wanted) ? Number(wanted) : all.find(({ name }) => name === wanted)?.id;

const nameOf = (wanted: number, all: readonly Named[]): string | number =>
  all.find(({ id }) => id === wanted)?.name ?? wanted;

async function content(rule: FileRule, stat: FileStat, facts: Facts): Promise<readonly string[]> {
  const { path, sha256, contains, lacks, matches, matches_not } = rule;
  const wanted = [sha256, contains, lacks, matches, matches_not];
  if (wanted.every((each) => each === null)) return [];
  if (stat.type !== "file") return [`is a ${stat.type}, and has no content`];
  const found: string[] = [];
  if (sha256 !== null) {
    const digest = hexOf(facts.codec.digest("sha256", (await facts.tree.readFile(path)) ?? new Uint8Array()));
    if (digest !== sha256) found.push(`has the digest ${digest}`);
  }
  if (wanted.slice(1).every((each) => each === null)) return found;
  const text = (await facts.tree.readText(path)) ?? "";
  if (contains !== null && !text.includes(contains)) found.push("does not have the text");
  if (lacks !== null && text.includes(lacks)) found.push("has the text");
  if (matches !== null && !matchesLine(matches, text)) found.push(`has no line like ${matches}`);
  if (matches_not !== null && matchesLine(matches_not, text)) found.push(`has a line like ${matches_not}`);
  return found;
}
