import type { Tree } from "../filesystem/tree.ts";

/** An ARRAY line of mdadm.conf(5): what an array is to be called. */
export interface NamedArray {
  /** `/dev/md0`, `/dev/md/data`. */
  readonly device: string;
  /** 32 hexadecimal digits, lower case. */
  readonly uuid: string;
}

const FILES = ["/etc/mdadm/mdadm.conf", "/etc/mdadm.conf"];

export async function readMdadmConf(tree: Tree): Promise<readonly NamedArray[]> {
  for (const file of FILES) {
    const text = await tree.readText(file);
    if (text !== null) return parseMdadmConf(text);
  }
  return [];
}

/** Lines that begin with white space go on with the one before; a name without a folder is one below /dev/md. */
export function parseMdadmConf(text: string): readonly NamedArray[] {
  const lines = text.replace(/\n[ \t]+/g, " ").split("\n");
  return lines.flatMap((line) => {
    const [word = "", device = "", ...rest] = line.split("#", 1)[0]?.trim().split(/\s+/) ?? [];
    const [named] = rest.filter((each) => /^uuid=/i.test(each));
    const uuid = named?.slice("uuid=".length).replace(/[^0-9a-f]/gi, "");
    if (!/^array$/i.test(word) || !uuid || uuid.length !== 32 || device.startsWith("<")) return [];
    return [{ device: device.startsWith("/") ? device : `/dev/md/${device}`, uuid: uuid.toLowerCase() }];
  });
}
