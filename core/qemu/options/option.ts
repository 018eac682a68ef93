import { GuestkitError } from "../../kit/errors.ts";

/** Properties of one QEMU option; what is null is left out. */
export type Properties = Readonly<Record<string, string | number | boolean | null>>;

/**
 * `driver,key=value,...` as QEMU's options are written. A comma in a value is doubled, so that no value can become
 * another property: QEMU knows no other special character there.
 * @throws GuestkitError `E_MACHINE_VALUE` for a NUL, which no argument can carry.
 */
export function option(head: string | null, properties: Properties): string {
  const pairs = Object.entries(properties).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${escapeValue(spell(value))}`],
  );
  return [...(head === null ? [] : [head]), ...pairs].join(",");
}

/** `-device driver,id=...` */
export function device(driver: string, properties: Properties): string[] {
  return ["-device", option(driver, properties)];
}

/** A Unix socket that QEMU listens on without waiting for anybody. */
export function socketChardev(id: string, path: string, more: Properties = {}): string[] {
  return ["-chardev", option("socket", { id, path, server: true, wait: false, ...more })];
}

function spell(value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

function escapeValue(text: string): string {
  if (!text.includes("\0")) return text.replaceAll(",", ",,");
  throw new GuestkitError("E_MACHINE_VALUE", `Cannot give QEMU ${JSON.stringify(text)}: it holds a NUL character`);
}
