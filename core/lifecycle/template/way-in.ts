import type { Settings } from "../../kit/context.ts";
import { broughtPlace } from "../../machine/brought.ts";
import { machineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import { readMemory } from "../../machine/memory.ts";

/** How one logs in to what a template's guest has become. */
export interface TemplateWay {
  readonly user: string | null;
  /** A private key that it lets in; null where none is known. */
  readonly key: string | null;
}

const NONE: TemplateWay = { user: null, key: null };

/**
 * The user and the key of a machine's template: its disks let them in. A machine with a cloud_init of its own has its own
 * ways.
 */
export async function templateWay({ template_vm, cloud_init }: Machine, settings: Settings): Promise<TemplateWay> {
  if (template_vm === null || cloud_init !== null) return NONE;
  const folder = machineFolder(template_vm, settings);
  const memory = await readMemory(folder);
  if (!memory) return NONE;
  const { machine, details } = memory;
  // cloud-init alone puts the machine's own key into its guest.
  const own = machine.cloud_init === null ? details.templateKey : folder.sshKey;
  const declared = machine.ssh?.private_key ?? null;
  const key = declared === null ? own : String(broughtPlace(declared, folder));
  return { user: machine.ssh?.user ?? details.sshUser, key };
}
