import type { Key } from "../key.ts";
import { diskKeys } from "./disk.ts";
import { guestKeys } from "./guest.ts";
import { machineKeys } from "./machine.ts";
import { networkKeys } from "./network.ts";
import { screenKeys } from "./screen.ts";
import { shareKeys } from "./shares.ts";
import { sourceKeys } from "./source.ts";

/** Every key of a kvmxfile that is known, by what it is about. */
export const keyGroups: readonly { readonly title: string; readonly keys: readonly Key[] }[] = [
  { title: "The machine", keys: machineKeys },
  { title: "What it starts from", keys: sourceKeys },
  { title: "Its disk", keys: diskKeys },
  { title: "Network", keys: networkKeys },
  { title: "Folders and files", keys: shareKeys },
  { title: "In the guest", keys: guestKeys },
  { title: "Screen and sound", keys: screenKeys },
];

const keys = new Map(keyGroups.flatMap((group) => group.keys.map((key) => [key.name, key] as const)));

export const keyOf = (name: string): Key | undefined => keys.get(name);
