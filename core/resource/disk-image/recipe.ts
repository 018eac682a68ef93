import { alignUp, PARTITION_TYPES, type PartitionType } from "../../build/partition.ts";
import type { Change } from "../../engine/diff.ts";
import type { ResourceImplementation } from "../../engine/implementation.ts";
import { canonical } from "../../engine/normalise.ts";
import { typeAt } from "../../engine/type-at.ts";
import { contractOf } from "../../model/registry.ts";
import { isList, isObject, isWhollyKnown, type Value, type ValueObject } from "../../model/value.ts";

/** What observed partitions say of a recipe: whether an image that has them can have been made by it. */
const RECIPES: Readonly<Record<string, (recipe: ValueObject, partitions: readonly ValueObject[]) => boolean>> = {
  // A copy may be of anything.
  source: () => true,
  bootstrap: (_recipe, partitions) => partitions.some(({ filesystem }) => filesystem !== null),
  layout: isLaidOut,
};

/**
 * Recipes say how an image came to be. One that is no longer declared leaves the image as it is; one that is declared of an
 * image made without is adopted where what was observed bears it out. What does not is a change like any other: adopted, it
 * would be drift at the next look.
 */
export const judge: NonNullable<ResourceImplementation["judge"]> = (change, prior) => {
  const [field = "", ...deeper] = change.path.map(String);
  const bearsOut = Object.hasOwn(RECIPES, field) ? RECIPES[field] : undefined;
  if (bearsOut === undefined || deeper.length > 0) return null;
  const isGone = change.after === null;
  if (!isGone && (change.before !== null || !bearsOut(recipeOf(change), objects(prior.partitions)))) return null;
  return { policy: undefined, warning: `${field}: the image stays as it is and is taken as made that way` };
};

function recipeOf({ path, after }: Change): ValueObject {
  const recipe = canonical(typeAt(contractOf("disk_image", "resource").input, path), after, "/");
  return isObject(recipe) ? recipe : {};
}

const objects = (value: Value | undefined): readonly ValueObject[] => (isList(value) ? value.filter(isObject) : []);

/** One after another, as they are declared. */
function isLaidOut(layout: ValueObject, partitions: readonly ValueObject[]): boolean {
  const wanted = objects(layout.partitions);
  if (!isWhollyKnown(layout) || wanted.length !== partitions.length) return false;
  const inOrder = partitions.toSorted((a, b) => Number(a.number) - Number(b.number));
  return wanted.every((each, at) => fits(each, layout.scheme === "mbr", inOrder[at] ?? {}));
}

/** The last one may have grown with its disk; what is declared blank may have been filled since. */
function fits(wanted: ValueObject, isMbr: boolean, found: ValueObject): boolean {
  const types = PARTITION_TYPES[wanted.type as PartitionType];
  return (
    (isMbr ? found.name === null : found.name === wanted.name) &&
    (isMbr ? Number(found.type) === types.mbr : found.type === types.gpt) &&
    (wanted.size === null || Number(found.size) >= alignUp(Number(wanted.size), 4096)) &&
    (["filesystem", "label"] as const).every((name) => isSaid(wanted[name], found[name])) &&
    isSaid(wanted.uuid, found.filesystem_uuid)
  );
}

/** FAT tells labels and numbers in capitals. */
const isSaid = (wanted: Value | undefined, found: Value | undefined): boolean =>
  (wanted ?? null) === null || String(wanted).toLowerCase() === String(found).toLowerCase();
