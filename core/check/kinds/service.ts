import type { Service } from "../../guest/facts/services/index.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { nameIn } from "../../kit/path.ts";
import type { Facts } from "../facts.ts";
import type { ServiceRule } from "../rule.ts";

/** Why a rule about a service does not hold; empty where it does. */
export async function checkService({ name, state }: ServiceRule, facts: Facts): Promise<readonly string[]> {
  const all = await facts.services();
  if (all.length === 0) throw unknown(name);
  const found = await stateOf(named(all, name), all, facts);
  const isRight = found === state || (state === "disabled" && found === "masked");
  return isRight ? [] : [`${name} is ${found}`];
}

const TYPED = /\.(?:service|socket|timer|path|mount|automount|target|swap|slice|device|scope)$/;

/** A unit's name may leave its type out, a script's has none. */
const named = (all: readonly Service[], name: string): Service | undefined =>
  all.find((each) => each.name === name) ??
  all.find((each) => each.name === (TYPED.test(name) ? name.replace(/\.service$/, "") : `${name}.service`));

/** Whoever is pulled in starts, also where nobody enabled it; what is there by another name is what that one is. */
async function stateOf(
  service: Service | undefined,
  all: readonly Service[],
  { tree }: Facts,
): Promise<ServiceRule["state"]> {
  if (!service) return "disabled";
  const { state, wanted_by, file } = service;
  if (state.startsWith("masked")) return "masked";
  if (state.startsWith("enabled") || wanted_by.length > 0) return "enabled";
  if (state !== "alias") return "disabled";
  const target = nameIn((await tree.readLink(file)) ?? "");
  const other = all.find((each) => each.name === target && each.state !== "alias");
  return other && (other.state.startsWith("enabled") || other.wanted_by.length > 0) ? "enabled" : "disabled";
}

function unknown(name: string): GuestkitError {
  return new GuestkitError(
    "E_CHECK_SERVICES",
    `Cannot tell whether ${name} starts: there is nothing of systemd, OpenRC, runit or System V`,
    { help: "Check the file that starts it instead: file, with path." },
  );
}
