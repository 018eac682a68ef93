import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../../test/support/engines.ts";
import { PulumiProject } from "../../test/support/pulumi.ts";
import { builds, foldersAt } from "./builds.ts";
import type { Case } from "./cases.ts";
import type { Command } from "./measure.ts";

const IMAGES = 20;

/** A class of images as an SDK of the native provider has it. */
const NATIVE = `class DiskImage extends pulumi.CustomResource {
  constructor(name, args) { super("guestkit:index:DiskImage", name, args); }
}
`;
const DYNAMIC = "const { DiskImage } = guestkit;\n";

/** Previews of one program through both of our providers, where Pulumi is installed; close to remove what was made for them. */
export async function pulumiCases(): Promise<{ readonly cases: readonly Case[]; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-pulumi-"));
  const pulumi = findEngine("pulumi");
  const both = async (name: string, prepare: (stack: PulumiProject) => Promise<void>, images: number) => ({
    ours: await preview(pulumi ?? "", join(folder, `${name}-native`), {
      name: "guestkit",
      head: NATIVE,
      images,
      prepare,
    }),
    peers: [
      await preview(pulumi ?? "", join(folder, `${name}-dynamic`), { name: "dynamic", head: DYNAMIC, images, prepare }),
    ],
  });
  const aim = "less than the dynamic provider";
  const cases = pulumi
    ? [
        { title: `pulumi: preview of ${IMAGES} new images`, aim, ...(await both("new", async () => {}, IMAGES)) },
        {
          title: `pulumi: preview of ${IMAGES} images that are as declared`,
          aim,
          ...(await both("there", up, IMAGES)),
        },
        { title: "pulumi: preview of one image that is as declared", aim, ...(await both("one", up, 1)) },
      ]
    : [];
  return { cases, close: () => rm(folder, { recursive: true, force: true }) };
}

async function up(stack: PulumiProject): Promise<void> {
  const { code, text } = await stack.up();
  if (code !== 0) throw new Error(text);
}

interface Subject {
  readonly name: string;
  /** The program before its loop: it has a class `DiskImage`. */
  readonly head: string;
  readonly images: number;
  /** What is done before anything is measured. */
  readonly prepare: (stack: PulumiProject) => Promise<void>;
}

async function preview(pulumi: string, at: string, { name, head, images, prepare }: Subject): Promise<Command> {
  const stack = await PulumiProject.create(pulumi, at, undefined, null, foldersAt(at));
  if (head === NATIVE) await stack.installProvider();
  await stack.write(
    `${head}for (let at = 0; at < ${images}; at++) new DiskImage("i" + at, { path: \`i\${at}.qcow2\`, size: "1M" });\n`,
  );
  await prepare(stack);
  const shell = `cd ${at} && exec ${pulumi} preview --non-interactive --color never`;
  return { name, shell, runs: builds()[0]?.runs ?? 1, env: stack.environment };
}
