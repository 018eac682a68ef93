import type { Key, Work } from "../key.ts";
import { machine, notNeeded, type Outcome, partly, type Setting, translated, untranslated } from "../outcome.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$/;

/** Options of 9p's own that the file wants of every share. */
function options({ get }: Work): Readonly<Record<string, string | readonly string[]>> {
  const [msize, cache] = [get("shared_folders_msize"), get("shared_folders_cache")];
  const list = [
    ...(msize !== null && /^\d+$/.test(msize) ? [`msize=${msize}`] : []),
    ...(cache !== null && /^[a-z]+$/.test(cache) ? [`cache=${cache}`] : []),
  ];
  return list.length > 0 ? { kind: "9p", options: list } : {};
}

function share(name: string, host: string, guest: string | null, work: Work): Setting {
  const mount = guest === null ? {} : { mount: guest };
  return machine(["shares", name], { path: work.hostPath(host), ...mount, ...options(work) });
}

/** The guest is not to be trusted with what declares it. */
const OWN_FOLDER =
  "The guest can write to guestkit.yaml and to the image there: share a folder below it, or set read_only.";
const noteOf = (settings: readonly Setting[]): string | null =>
  settings.some(({ value }) => typeof value === "object" && "path" in value && value.path === ".") ? OWN_FOLDER : null;

function sharedFolder(value: string, work: Work): Outcome {
  const mount = work.get("shared_folder_mountpoint");
  const setting = share("shared", value, mount?.startsWith("/") ? mount : null, work);
  return translated(setting, noteOf([setting]));
}

function sharedFolders(value: string, work: Work): Outcome {
  const parts = value
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  const read = parts.map((part) => {
    const [id = "", host = "", guest = "", ...more] = part.split(":");
    const isShare = NAME.test(id) && host !== "" && guest.startsWith("/") && more.length === 0;
    return { part, setting: isShare ? share(id, host, guest, work) : null };
  });
  const left = read
    .filter(({ setting }) => setting === null)
    .map(({ part }) => ({
      why: `"${part}" is no share`,
      instead: "Set shares: { NAME: { path: ./folder, mount: /folder } }.",
    }));
  const settings = read.flatMap(({ setting }) => setting ?? []);
  return partly(settings, left, noteOf(settings));
}

/** Of the shares' mount options. */
const option = (name: string, about: string): Key => ({
  name,
  ours: "`shares.NAME.options`",
  about,
  translate: (_, { get }) =>
    get("shared_folder") === null && get("shared_folders") === null
      ? notNeeded("There are no shares.")
      : translated([], "A mount option of each share, which is of kind 9p for its sake."),
});

/** Files that kvmx copies at some time. */
const copied = (name: string, about: string, instead: (work: Work) => string): Key => ({
  name,
  ours: "`shares`, `guestkit vm rsync`",
  about,
  translate: (_, work) => untranslated("guestkit copies nothing by itself", instead(work)),
});

/** Folders of the host in the guest, and the other way round. */
export const shareKeys: readonly Key[] = [
  { name: "shared_folder", ours: "`shares.shared.path`", about: "", translate: sharedFolder },
  {
    name: "shared_folder_mountpoint",
    ours: "`shares.shared.mount`",
    about: "",
    translate: (_, { get }) =>
      get("shared_folder") === null
        ? notNeeded("There is no shared_folder.")
        : translated([], "Where the guest mounts the share."),
  },
  {
    name: "shared_folders",
    ours: "`shares`",
    about: "By the same names. Which kind carries them follows from host and guest, or from `kind`.",
    translate: sharedFolders,
  },
  option("shared_folders_msize", "`msize=...`, of kind 9p alone."),
  option("shared_folders_cache", "`cache=...`, of kind 9p alone."),
  {
    name: "shared_folders_sshfs",
    ours: "`sshfs` on the host, by `guestkit vm ssh-config`",
    about: "A folder of the *guest* on the host. guestkit's own kind `sshfs` goes the other way, as every share does.",
    translate: (_, { name }) =>
      untranslated(
        "it shows the guest's folder on the host",
        `guestkit vm ssh-config ${name} >> ~/.ssh/config, then sshfs ${name}:/folder ./folder; or let a share of the host's hold the files.`,
      ),
  },
  copied(
    "provision_rsync",
    "A share that provisioning reads from needs no copy.",
    ({ name }) => `guestkit vm rsync ./folder/ ${name}:/folder before guestkit vm provision ${name}, or a share.`,
  ),
  copied("provision_rsync_opts", "Options of rsync follow `--`.", () => "Give them to guestkit vm rsync, after --."),
  copied(
    "startup_rsync_to_guest",
    "A share keeps both sides the same all the time.",
    ({ name }) => `A share; or guestkit vm rsync ./folder/ ${name}:/folder when it is up.`,
  ),
  copied(
    "poweroff_rsync_from_guest",
    "A share keeps both sides the same all the time.",
    ({ name }) => `A share; or guestkit vm rsync ${name}:/folder/ ./folder before guestkit vm stop ${name}.`,
  ),
];
