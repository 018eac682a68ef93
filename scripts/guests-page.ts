/** docs/guests.md: which Linux guests are known, and which tool or source says that what is told of them is so. */
import { familyOf } from "../core/guest/families.ts";
import { BESIDES, FAMILIES, PACKAGES, type Proof } from "./guests.ts";

export function guestsPage(): string {
  return `# Linux guests

What \`guestkit inspect\` knows of each family, and what holds that it is right: the family's own **tool** made what a test reads,
and told what is in it; or, where no such tool can be had where the tests run, the test follows the **source** that is named.

## Families

A family is known by os-release's \`ID\`, and without one by what elder releases have in its place; whatever no row names goes by
its \`ID_LIKE\`. A system of busybox alone has no distribution and no packages, and is told all the same. Each row is held by
[test/fast/guest/families.test.ts](../test/fast/guest/families.test.ts); the whole report of a small system of the most is held in
[test/support/golden](../test/support/golden).

| family | \`ID\` | installed by | packages |
| --- | --- | --- | --- |
${FAMILIES.map(familyRow).join("")}
Where OSTree deployed the root, \`package_management\` is \`rpm-ostree\`, \`bootc\` or \`ostree\`.

## Packages

| format | what is read | proved by | test |
| --- | --- | --- | --- |
${Object.entries(PACKAGES)
  .flatMap(([format, proofs]) => proofs.map((proof) => `| \`${format}\` ${proofRow(proof)}`))
  .join("")}
A package URL is told where purl-spec specifies its type: not for \`nix\`, \`xbps\`, \`opkg\` and \`slackware\`.

## Besides

| what is read | proved by | test |
| --- | --- | --- |
${BESIDES.map(proofRow).join("")}
## Not yet

- Flatcar's and Bottlerocket's /usr lies on a partition of its own that no fstab names: it is read by \`--filesystem\`, and not put
  together with the root.
- Of bootc's composefs without an OSTree repository no deployment is told.
- The Nix store of an installation medium, whose database is made when it starts.
`;
}

function familyRow({ name, ids, formats }: (typeof FAMILIES)[number]): string {
  const told = AGES.flatMap((version) => ids.flatMap((id) => familyOf(release(id, version)).package_management ?? []));
  const tools = new Set(told);
  const kept = formats?.map((each) => `\`${each}\``).join(", ") ?? "none";
  return `| ${name} | ${ids.map((id) => `\`${id}\``).join(", ")} | ${[...tools].join(", ") || "none"} | ${kept} |\n`;
}

/** The newest, and the first: elder ones of a family may have another tool. */
const AGES = [null, "1"];

const release = (distro: string, version: string | null) => ({
  ...{ distro, version, product_name: null, codename: null, product_variant: null, like: [] },
});

function proofRow({ what, by, test }: Proof): string {
  const proof = "tool" in by ? `tool: ${by.tool}` : `source: ${by.source}`;
  return `| ${what} | ${proof} | ${test} |\n`;
}
