import { describe, expect, it } from "vitest";
import { normalise } from "../../../core/engine/normalise.ts";
import { makePlan } from "../../../core/engine/plan.ts";
import { holdsSecret, tellable } from "../../../core/engine/tellable.ts";
import { validateFields } from "../../../core/engine/validate.ts";
import type { Field, FieldType } from "../../../core/model/contract.ts";
import { contractOf, contracts } from "../../../core/model/index.ts";
import { isObject, type Value, type ValueObject } from "../../../core/model/value.ts";
import { contextIn } from "../../support/machine.ts";

const { settings } = contextIn("/nowhere");
const MARK = "mark-0f1e2d3c";

/** Every value that holds one leaf alone, at any depth: a leaf by its type, and where it stands. */
function* leaves(
  fields: readonly Field[],
  hidden: boolean,
  make: (type: FieldType, secret: boolean) => Value | undefined,
): Generator<ValueObject> {
  for (const { name, type, writeOnly, sensitive } of fields) {
    const secret = hidden || writeOnly === true || sensitive === true;
    for (const value of within(type, secret, make)) yield { [name]: value };
  }
}

function* within(
  type: FieldType,
  secret: boolean,
  make: (type: FieldType, secret: boolean) => Value | undefined,
): Generator<Value> {
  const own = make(type, secret);
  if (own !== undefined) yield own;
  if (type.kind === "object") yield* leaves(type.fields, secret, make);
  if (type.kind === "list") for (const each of within(type.element, secret, make)) yield [each];
  if (type.kind === "map") for (const each of within(type.element, secret, make)) yield { key: each };
}

const given = (make: Parameters<typeof leaves>[2]) =>
  contracts.flatMap((contract) => [...leaves(contract.input, false, make)].map((value) => [contract, value] as const));

describe("a name and password in an address", () => {
  const logins = given((type) =>
    type.kind === "string" && type.address ? `https://me:${MARK}@example.org/x` : undefined,
  );

  it("is refused in every field that takes one, with the way out and without being repeated", () => {
    expect(logins.length).toBeGreaterThanOrEqual(4);
    for (const [contract, value] of logins) {
      const found = validateFields(contract.input, value).filter(({ code }) => code === "E_ADDRESS_LOGIN");
      expect(found, JSON.stringify(value)).toHaveLength(1);
      expect(found[0]?.help).toBeTruthy();
      expect(JSON.stringify(found)).not.toContain(MARK);
    }
  });
});

describe("a secret", () => {
  const secrets = given((type, secret) => (secret && type.kind !== "object" && type.kind !== "map" ? MARK : undefined));
  const wrong = given((_, secret) => (secret ? [MARK, { [MARK]: MARK }] : undefined));

  it("is in no message about its own shape", () => {
    expect(secrets.length).toBeGreaterThan(5);
    for (const [contract, value] of [...secrets, ...wrong]) {
      expect(JSON.stringify(validateFields(contract.input, value)), JSON.stringify(value)).not.toContain(MARK);
    }
  });

  it("is in nothing that is written down, and is known to be there", () => {
    for (const [contract, value] of secrets) {
      expect(JSON.stringify(tellable(contract.input, value))).not.toContain(MARK);
      expect(holdsSecret(contract.input, value), JSON.stringify(value)).toBe(true);
    }
    expect(holdsSecret(contractOf("disk_image").input, { path: "/x", source: { headers: {} } })).toBe(false);
  });

  it("is in no plan's reasons", () => {
    const resources = secrets.filter(([contract]) => contract.kind === "resource");
    for (const [contract, value] of resources) {
      const id = { [contract.identity[0] as string]: "/x", id: "/x" };
      const { reasons } = makePlan({
        contract,
        prior: id,
        config: { ...id, ...value },
        implementation: {},
        baseDir: "/",
        settings,
      });
      expect(JSON.stringify(reasons), JSON.stringify(value)).not.toContain(MARK);
    }
  });
});

describe("an address that is signed", () => {
  const contract = contractOf("disk_image");
  const URL = "https://h/i.qcow2?versionId=1";
  const digest = "0".repeat(64);
  const wanted = (url: string, more: object = {}): ValueObject => ({ path: "/x", source: { url, ...more } });
  const plan = (before: ValueObject, after: ValueObject) =>
    makePlan({
      contract,
      prior: { ...normalise(contract.input, before), id: "/x" },
      config: after,
      implementation: {},
      baseDir: "/",
      settings,
    });
  const urlOf = (value: ValueObject | null) => {
    const source = value?.source ?? null;
    return isObject(source) ? source.url : null;
  };

  it.each([
    ["another signature", `${URL}&sig=1`, `${URL}&sig=2&se=3`, "none"],
    ["none any more", `${URL}&sig=1`, URL, "none"],
    ["another fragment", `${URL}#1`, `${URL}#2`, "none"],
    ["another version", `${URL}&sig=1`, "https://h/i.qcow2?versionId=2&sig=1", "replace"],
    ["another place", URL, "https://g/i.qcow2?versionId=1", "replace"],
  ])("%s", (_, before, after, action) => {
    const found = plan(wanted(before), wanted(after));
    expect(found.action).toBe(action);
    expect(JSON.stringify(found.reasons)).not.toContain("sig=");
    // What is planned keeps the spelling that is known where nothing changed: engines that keep a state demand it.
    expect(urlOf(found.planned)).toBe(action === "none" ? before : after);
  });

  it("is the same in another place where both declare the same digest", () => {
    const [here, there] = ["https://h/a", "https://g/b?x=1"];
    const found = plan(wanted(here, { sha256: digest }), wanted(there, { sha256: digest }));
    expect([found.action, urlOf(found.planned)]).toEqual(["none", here]);
    expect(plan(wanted(here, { sha256: digest }), wanted(there, { sha256: "1".repeat(64) })).action).toBe("replace");
    expect(plan(wanted(here), wanted(there)).action).toBe("replace");
    expect(plan(wanted(here), wanted(there, { sha256: digest })).action).toBe("replace");
  });

  it("is recorded without its signature", () => {
    expect(urlOf(tellable(contract.input, wanted(`${URL}&token=${MARK}#x`)))).toBe(URL);
    expect(holdsSecret(contract.input, wanted(`${URL}&token=${MARK}`))).toBe(true);
    expect(holdsSecret(contract.input, wanted(URL))).toBe(false);
  });
});
