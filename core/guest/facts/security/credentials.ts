import type { Tree } from "../../../filesystem/tree.ts";
import type { Known } from "../fact.ts";
import { homes } from "./places.ts";

/** A file that programs keep credentials in. What they are is never told. */
export interface Credential {
  readonly path: string;
  /** Whose: `aws`, `docker`, `kubeconfig`. */
  readonly kind: string;
  /** Whether there are any in it. */
  readonly filled: boolean;
  /** Permissions in octal digits: `0600`. */
  readonly mode: string;
  readonly uid: number;
}

interface Kind {
  readonly path: string;
  readonly kind: string;
  /** What a line has that holds one; any line that is no comment where left out. */
  readonly holds?: RegExp;
}

const ANY = /^[ \t]*[^\s#;]/m;
const DOCKER = /"(?:auth|identitytoken|registrytoken)"\s*:\s*"[^"]/;
const KUBE = /^[ \t]*(?:-\s+)?"?(?:client-key(?:-data)?|token|password|auth-provider)"?\s*:\s*\S/m;

/** Below a home. */
const PERSONAL: readonly Kind[] = [
  { path: ".aws/credentials", kind: "aws", holds: /^[ \t]*aws_secret_access_key\s*=\s*\S/im },
  { path: ".azure/msal_token_cache.json", kind: "azure" },
  { path: ".azure/accessTokens.json", kind: "azure", holds: /"accessToken"/ },
  { path: ".config/gcloud/credentials.db", kind: "gcloud" },
  { path: ".config/gcloud/application_default_credentials.json", kind: "gcloud" },
  { path: ".boto", kind: "gcloud", holds: /^[ \t]*\w{0,40}(?:secret|refresh_token)\w{0,40}\s*=\s*\S/im },
  { path: ".oci/config", kind: "oci", holds: /^[ \t]*key_file\s*=\s*\S/m },
  { path: ".netrc", kind: "netrc", holds: /(?:^|\s)password\s+\S/ },
  { path: ".docker/config.json", kind: "docker", holds: DOCKER },
  { path: ".config/containers/auth.json", kind: "docker", holds: DOCKER },
  { path: ".kube/config", kind: "kubeconfig", holds: KUBE },
  { path: ".git-credentials", kind: "git" },
  { path: ".config/git/credentials", kind: "git" },
  { path: ".config/gh/hosts.yml", kind: "github", holds: /^[ \t]*oauth_token\s*:\s*\S/m },
  { path: ".pgpass", kind: "pgpass" },
  { path: ".my.cnf", kind: "mysql", holds: /^[ \t]*password\s*=\s*\S/m },
  { path: ".mylogin.cnf", kind: "mysql" },
  { path: ".npmrc", kind: "npm", holds: /(?:_authToken|_password|_auth)\s*=\s*\S/ },
  { path: ".pypirc", kind: "pypi", holds: /^[ \t]*password\s*[=:]\s*\S/m },
  { path: ".cargo/credentials.toml", kind: "cargo", holds: /^[ \t]*token\s*=\s*\S/m },
  { path: ".cargo/credentials", kind: "cargo", holds: /^[ \t]*token\s*=\s*\S/m },
  { path: ".gem/credentials", kind: "gem" },
  { path: ".m2/settings.xml", kind: "maven", holds: /<password>[^<]/ },
  { path: ".composer/auth.json", kind: "composer", holds: /:\s*"[^"]/ },
  { path: ".terraform.d/credentials.tfrc.json", kind: "terraform", holds: /"token"\s*:\s*"[^"]/ },
  { path: ".vault-token", kind: "vault" },
  { path: ".config/rclone/rclone.conf", kind: "rclone", holds: /^[ \t]*(?:pass|token|secret_access_key)\s*=\s*\S/m },
  { path: ".s3cfg", kind: "s3cmd", holds: /^[ \t]*secret_key\s*=\s*\S/m },
  { path: ".smbcredentials", kind: "samba", holds: /^[ \t]*password\s*=\s*\S/m },
];

const OF_SYSTEM: readonly Kind[] = [
  { path: "/etc/kubernetes/admin.conf", kind: "kubeconfig", holds: KUBE },
  { path: "/etc/kubernetes/super-admin.conf", kind: "kubeconfig", holds: KUBE },
  { path: "/etc/kubernetes/kubelet.conf", kind: "kubeconfig", holds: KUBE },
  { path: "/etc/kubernetes/controller-manager.conf", kind: "kubeconfig", holds: KUBE },
  { path: "/etc/kubernetes/scheduler.conf", kind: "kubeconfig", holds: KUBE },
  { path: "/etc/rancher/k3s/k3s.yaml", kind: "kubeconfig", holds: KUBE },
  { path: "/etc/rancher/rke2/rke2.yaml", kind: "kubeconfig", holds: KUBE },
  { path: "/var/lib/kubelet/config.json", kind: "docker", holds: DOCKER },
  { path: "/etc/apt/auth.conf", kind: "netrc", holds: /(?:^|\s)password\s+\S/ },
  { path: "/etc/ipsec.secrets", kind: "ipsec" },
  { path: "/etc/ppp/chap-secrets", kind: "ppp" },
  { path: "/etc/ppp/pap-secrets", kind: "ppp" },
  { path: "/etc/krb5.keytab", kind: "kerberos" },
  { path: "/etc/mysql/debian.cnf", kind: "mysql", holds: /^[ \t]*password\s*=\s*\S/m },
  { path: "/etc/ceph/ceph.client.admin.keyring", kind: "ceph", holds: /^[ \t]*key\s*=\s*\S/m },
];

/** Larger ones hold something, whatever it is. */
const MAX_FILE = 256 << 10;

/** Files of credentials that there are, in the homes and the system's own. */
export async function readCredentials({ tree, users }: Pick<Known, "tree" | "users">): Promise<readonly Credential[]> {
  const kinds = [...OF_SYSTEM];
  for (const home of homes(users ?? [])) kinds.push(...(await personal(tree, home)));
  const found: Credential[] = [];
  for (const kind of kinds) {
    const credential = await readCredential(tree, kind);
    if (credential) found.push(credential);
  }
  return found;
}

/** Those of a home whose first name is there: a system of many homes is not asked for each file of each. */
async function personal(tree: Tree, home: string): Promise<readonly Kind[]> {
  const names = new Set(await tree.names(home));
  const there = PERSONAL.filter(({ path }) => names.has(path.split("/", 1)[0] as string));
  return there.map((each) => ({ ...each, path: `${home}/${each.path}` }));
}

async function readCredential(tree: Tree, { path, kind, holds = ANY }: Kind): Promise<Credential | null> {
  const stat = await tree.stat(path);
  if (stat?.type !== "file") return null;
  const filled = stat.size > MAX_FILE || holds.test((await tree.readText(path, MAX_FILE)) ?? "");
  return { path, kind, filled, mode: stat.mode.toString(8).padStart(4, "0"), uid: stat.uid };
}
