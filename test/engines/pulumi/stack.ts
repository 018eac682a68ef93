/** Stacks with one image, through the dynamic provider. */
import { join } from "node:path";
import { expect } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";

/** Null where Pulumi is not there. */
export const binary = findEngine("pulumi");

export async function project(): Promise<PulumiProject> {
  return PulumiProject.create(String(binary), join(await scratch("pulumi"), "project"));
}

/** A program with one image; `args` as JavaScript writes them. */
export const image = (args: string, options = "{}") => `
  const image = new guestkit.DiskImage("image", ${args}, ${options});
  exports.id = image.id;
  exports.virtualSize = image.virtualSize;
  exports.seen = guestkit.getImageInfoOutput({ diskImage: image.id }).apply((info) => info.format);
`;

export const succeeds = (ran: { code: number; text: string }) => expect(ran, ran.text).toMatchObject({ code: 0 });
export const fails = (ran: { code: number; text: string }) => expect(ran.code, ran.text).not.toBe(0);
