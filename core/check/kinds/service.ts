import type { Tree } from "../../filesystem/tree.ts";
import { UNIT_FOLDERS } from "../../guest/unit-file.ts";
import { readUnits } from "../../guest/units.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Facts } from "../facts.ts";
import type { ServiceRule } from "../rule.ts";

/** What a service is at the next start. */
type Found = "enabled" | "disabled" | "masked";

/** Why a rule about a service does not hold; empty where it does. */
export async function checkService({ name, state }: ServiceRule, { tree }: Facts): Promise<readonly string[]> {
  const found = await stateOf(tree, name);
  const isRight = found === state || (state === "disabled" && found === "masked");
  return isRight ? [] : [`${name} is ${found}`];
}

const SYSTEMD = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"];
const TYPED = /\.(?:service|socket|timer|path|mount|automount|target|swap|slice|device|scope)$/;

/** Throws `E_CHECK_SERVICES` where nothing that starts services is known. */
async function stateOf(tree: Tree, name: string): Promise<Found> {
  for (const path of SYSTEMD)
    if (await tree.resolve(path)) return inSystemd(tree, TYPED.test(name) ? name : `${name}.service`);
  if (await tree.resolve("/etc/runlevels")) return inRunlevels(tree, name);
  if (await tree.resolve("/etc/rc2.d")) return (await inSysv(tree, name)) ? "enabled" : "disabled";
  throw new GuestkitError(
    "E_CHECK_SERVICES",
    `Cannot tell whether ${name} starts: neither systemd, OpenRC nor System V's scripts are there`,
    {
      help: "Check the file that starts it instead: file, with path.",
    },
  );
}

/** Links that an administrator or the distribution made; a script of System V counts where no unit has its name. */
async function inSystemd(tree: Tree, unit: string): Promise<Found> {
  const { enabled, masked } = await readUnits(tree);
  if (masked.includes(unit)) return "masked";
  if (enabled.some((each) => each.name === unit)) return "enabled";
  for (const folder of UNIT_FOLDERS) if (await pulledIn(tree, folder, unit)) return "enabled";
  const isUnit = await anyOf(tree, UNIT_FOLDERS, unit);
  return !isUnit && (await inSysv(tree, unit.replace(/\.service$/, ""))) ? "enabled" : "disabled";
}

async function anyOf(tree: Tree, folders: readonly string[], name: string): Promise<boolean> {
  for (const folder of folders) if (await tree.resolve(`${folder}/${name}`, { follow: false })) return true;
  return false;
}

async function pulledIn(tree: Tree, folder: string, unit: string): Promise<boolean> {
  const names = (await tree.names(folder)).filter((name) => /\.(?:wants|requires|upholds)$/.test(name));
  return await anyOf(
    tree,
    names.map((name) => `${folder}/${name}`),
    unit,
  );
}

async function inRunlevels(tree: Tree, name: string): Promise<Found> {
  const levels = await tree.names("/etc/runlevels");
  const folders = levels.map((level) => `/etc/runlevels/${level}`);
  return (await anyOf(tree, folders, name.replace(/\.service$/, ""))) ? "enabled" : "disabled";
}

async function inSysv(tree: Tree, name: string): Promise<boolean> {
  for (const level of ["2", "3", "4", "5", "S"]) {
    const names = await tree.names(`/etc/rc${level}.d`);
    if (names.some((each) => /^S\d\d/.test(each) && each.slice(3) === name)) return true;
  }
  return false;
}
