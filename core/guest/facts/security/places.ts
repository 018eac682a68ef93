import type { Child, Tree, TreeNode } from "../../../filesystem/tree.ts";
import type { User } from "../../accounts.ts";

/** A folder in which certificates and keys are looked for. */
export interface Place {
  readonly folder: string;
  /** Folders below it that are entered, one in another. */
  readonly depth: number;
  /** Of which names; all where left out. */
  readonly names?: RegExp;
  /** Links count as what they lead to: there they say what is in use. */
  readonly follow?: boolean;
}

/** A regular file that may hold some. */
export interface Candidate {
  readonly path: string;
  readonly node: TreeNode;
  readonly mode: number;
  readonly uid: number;
}

const DEPTH = 6;
const KEY_NAME = /\.(?:pem|key|crt|cer|der|p12|pfx|ppk)$|^id_/i;
/** Larger ones are no certificates; a distribution's whole trust store ends below half of that. */
export const MAX_FILE = 1 << 20;
/** What a distribution makes of its own store: hundreds of roots, once more in each form. */
const GENERATED = new Set(["/etc/pki/ca-trust/extracted", "/etc/ca-certificates/extracted"]);

const FOLDERS = [
  "/etc/ssl",
  "/etc/pki",
  "/usr/local/share/ca-certificates",
  "/etc/ca-certificates",
  "/etc/letsencrypt/accounts",
  "/etc/kubernetes",
  "/var/lib/kubelet/pki",
  "/var/lib/rancher",
  "/etc/ssh",
  "/etc/wireguard",
  "/etc/openvpn",
  "/etc/ipsec.d",
  "/etc/swanctl",
  "/etc/docker",
  "/etc/nginx",
  "/etc/apache2",
  "/etc/httpd",
  "/etc/haproxy",
  "/etc/postfix",
  "/etc/dovecot",
  "/etc/exim4",
  "/etc/ldap",
  "/etc/openldap",
  "/etc/mysql",
  "/etc/cockpit/ws-certs.d",
];

/** The usual places of certificates and keys, those in the homes of users among them. */
export function placesOf(users: readonly User[]): readonly Place[] {
  const etc = FOLDERS.map((folder) => ({ folder, depth: DEPTH }));
  const live = { folder: "/etc/letsencrypt/live", depth: 2, follow: true };
  return [...etc, live, ...homes(users).flatMap(placesIn)];
}

function placesIn(home: string): readonly Place[] {
  return [
    { folder: home, depth: 0, names: KEY_NAME },
    { folder: `${home}/.ssh`, depth: 1, follow: true },
    { folder: `${home}/.gnupg/private-keys-v1.d`, depth: 0 },
    { folder: `${home}/.pki`, depth: 2 },
  ];
}

/** Folders of people and of services that have one of their own; those of the system's own accounts are none. */
export function homes(users: readonly User[]): readonly string[] {
  const own = users
    .map(({ home }) => home.replace(/\/+$/, ""))
    .filter((home) => /^\/(?:root|(?:home|var|srv|opt)\/.+)$/.test(home));
  return [...new Set(["/root", ...own])].sort();
}

/** Regular files of a place in the order of their names. Links are passed over, and whatever is too large. */
export async function* candidates(tree: Tree, place: Place): AsyncGenerator<Candidate> {
  if (GENERATED.has(place.folder)) return;
  for (const child of await tree.children(place.folder)) {
    const path = `${place.folder}/${child.name}`;
    const node = await followed(tree, child, path, place.follow ?? false);
    if (!node) continue;
    const { type, size, mode, uid } = await node.fs.stat(node.inode);
    if (type === "directory" && place.depth > 0)
      yield* candidates(tree, { ...place, folder: path, depth: place.depth - 1 });
    else if (type === "file" && size <= MAX_FILE && (place.names?.test(child.name) ?? true))
      yield { path, node, mode, uid };
  }
}

/** What a name leads to; null where that is a link that is not followed, or leads nowhere. */
async function followed(tree: Tree, { node, type }: Child, path: string, follow: boolean): Promise<TreeNode | null> {
  const isLink = (type ?? (await node.fs.stat(node.inode)).type) === "symlink";
  if (!isLink) return node;
  return follow ? await tree.resolve(path) : null;
}
