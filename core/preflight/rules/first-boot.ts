import { isList, isObject, isWhollyKnown, type Value, type ValueObject } from "../../model/value.ts";
import type { Subject } from "../subject.ts";

/** Whether cloud-init will carry out what it is told, as far as the image tells; null where it does not. */
export function cloudInitRuns({ seed, system, made }: Subject): boolean | null {
  if (!seed) return false;
  const facts = system?.cloudInit;
  if (!facts) return null;
  const looks = facts.datasources === null || facts.datasources.includes("NoCloud");
  return (
    facts.installed &&
    facts.disabledBy === null &&
    looks &&
    (facts.enabled || !system.systemd || (system.presets && !made))
  );
}

/** Whether what cloud-init is told says a word, or may say it: a secret document, one that is known later. */
export function installs({ seed }: Pick<Subject, "seed">, word: RegExp): boolean {
  if (!seed) return false;
  return isOpen(seed.fields) || !isWhollyKnown(seed.fields) || mentions(seed.fields, word);
}

/** A document that nobody but the apply sees. */
export function isOpen({ secret_user_data, secret_user_data_version }: ValueObject): boolean {
  return (secret_user_data ?? null) !== null || (secret_user_data_version ?? null) !== null;
}

function mentions(value: Value, word: RegExp): boolean {
  if (typeof value === "string") return word.test(value);
  if (isList(value)) return value.some((each) => mentions(each, word));
  return isObject(value) && Object.entries(value).some(([key, each]) => word.test(key) || mentions(each, word));
}

/** The identity that cloud-init is given; null where it follows from the declaration, and so is a new one. */
export function instanceId({ instance_id, meta_data }: ValueObject): string | null {
  if (typeof instance_id === "string") return instance_id;
  const found =
    typeof meta_data === "string" ? /^\s*["']?instance-id["']?\s*:\s*["']?([^"'\s,}]+)/m.exec(meta_data) : null;
  return found?.[1] ?? null;
}
