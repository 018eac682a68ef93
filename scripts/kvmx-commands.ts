/** A command of kvmx's and what has its role here, for docs/kvmx.md. */
export interface KvmxCommand {
  /** Without `kvmx`. */
  readonly command: string;
  /** Markdown. */
  readonly ours: string;
  readonly about: string;
  /** kvmx's own list of ideas names it: no kvmx is known to have it. */
  readonly idea?: true;
}

export const commandGroups: readonly { readonly title: string; readonly commands: readonly KvmxCommand[] }[] = [
  {
    title: "Making and removing",
    commands: [
      {
        command: "init",
        ours: "`guestkit import-kvmxfile`",
        about: "Or a guestkit.yaml of your own; `examples/yaml` has some.",
      },
      {
        command: "edit",
        ours: "your editor on guestkit.yaml",
        about: "`guestkit plan` then tells what a change does, and whether it needs a restart.",
      },
      {
        command: "up, start",
        ours: "`guestkit apply`, `guestkit vm up`",
        about:
          "`apply` makes what is missing and starts it; `vm up` starts what is there, and makes an image that is missing where it is declared.",
      },
      {
        command: "destroy, remove, rm, wipe, purge",
        ours: "`guestkit destroy`, `guestkit vm destroy`",
        about:
          "The first takes images that guestkit made along, the second leaves them. Files are removed, not overwritten.",
      },
      {
        command: "rename",
        ours: "`guestkit vm rename`",
        about: "The declaration is renamed by hand, and told of it by `guestkit import`.",
      },
      { command: "clone", ours: "`template_vm`, `disk_image.source`", about: "A thin or a whole copy." },
      {
        command: "kvmx-create",
        ours: "`disk_image.bootstrap`",
        about: "As an ordinary user; what is in the image is read back from it, so that a missing package is drift.",
      },
      { command: "list_images", ours: "`guestkit info`", about: "Images lie where you declare them." },
      {
        command: "recycle",
        ours: "`guestkit vm recycle`",
        about: "Stop, throw away, start, provision. Images that it only uses stay.",
        idea: true,
      },
    ],
  },
  {
    title: "Day by day",
    commands: [
      { command: "stop, poweroff", ours: "`guestkit vm stop`", about: "`vm kill` pulls the plug." },
      { command: "restart", ours: "`guestkit vm restart`", about: "" },
      { command: "suspend, resume", ours: "`guestkit vm suspend`, `guestkit vm resume`", about: "" },
      { command: "list", ours: "`guestkit vm list`", about: "" },
      { command: "status", ours: "`guestkit vm status`", about: "" },
      { command: "log", ours: "`guestkit vm logs`", about: "What the serial console showed; `-f` follows." },
      { command: "provision", ours: "`guestkit vm provision`", about: "All steps, or some." },
      {
        command: "upgrade",
        ours: "`guestkit vm upgrade`",
        about:
          "Runs `upgrade_command`; a machine that is off is started and stopped again. Skipped where none is declared, or where the root is thrown away anyway.",
        idea: true,
      },
      {
        command: "run",
        ours: "`guestkit vm run`",
        about: "A script of the host's, brought into the guest and removed again; its exit code.",
        idea: true,
      },
    ],
  },
  {
    title: "Into the guest",
    commands: [
      { command: "ssh", ours: "`guestkit vm ssh`", about: "Without SSH: `guestkit vm exec`, by the guest's agent." },
      {
        command: "ssh_finger",
        ours: "`guestkit vm status --json`",
        about: "`ssh_host_keys`, as seen at the first start and demanded since.",
      },
      { command: "scp_to, scp_from", ours: "`guestkit vm cp`", about: "`NAME:PATH` on either side." },
      {
        command: "rsync_to, rsync_from",
        ours: "`guestkit vm rsync`",
        about: "The same; options of rsync follow `--`. The guest needs rsync, too.",
      },
      {
        command: "mount",
        ours: "`guestkit vm mount`, `guestkit vm umount`",
        about:
          "A folder of the host, in a machine that runs and for this run alone: by sshfs, NFS or SMB, since 9p cannot be added live.",
        idea: true,
      },
      { command: "console", ours: "`guestkit vm console`", about: "" },
      {
        command: "vnc, spice",
        ours: "`guestkit vm status`",
        about: "`display` is the address for your viewer; `guestkit vm screenshot` needs none.",
      },
      {
        command: "xpra, xephyr",
        ours: "`guestkit vm ssh-config`",
        about: "Then `xpra start ssh://NAME`, or `ssh -X NAME`.",
      },
      {
        command: "monitor, qmp",
        ours: "no counterpart",
        about:
          "What one does there are verbs: `vm snapshot`, `vm suspend`, `vm top`, media and forwards in the declaration.",
      },
    ],
  },
  {
    title: "Disks",
    commands: [
      {
        command: "growpart",
        ours: "`size`",
        about:
          "A larger `size` grows the disk while it runs; cloud-init's growpart takes the room up at the next start.",
      },
      {
        command: "zerofree, shrink",
        ours: "`guestkit vm exec NAME -- sudo fstrim -av`",
        about: "Blocks that the guest gives up go back to the host at once (`discard`). A smaller `size` is refused.",
      },
    ],
  },
  {
    title: "Machines that are thrown away",
    commands: [
      {
        command: "disposable",
        ours: "`guestkit vm disposable`",
        about:
          "A command or a shell in a machine of which nothing remains, also after `kill -9`. `--no-network` and `--network`, `--quota`, `--share`.",
        idea: true,
      },
      {
        command: "disposable-run",
        ours: "`guestkit vm disposable-run`",
        about: "The same with a script of the host's.",
        idea: true,
      },
      {
        command: "disposable-name",
        ours: "`guestkit vm disposable --name`",
        about: "Several side by side; `vm ssh`, `vm cp` and others work on each by its name.",
        idea: true,
      },
      {
        command: "mat",
        ours: "`guestkit vm mat`",
        about:
          "Strips metadata. `examples/disposables` builds the machines that these three start from; none of them has a network device, and the original is untouched.",
        idea: true,
      },
      {
        command: "pdf-cleaner",
        ours: "`guestkit vm pdf-cleaner`",
        about: "Draws the pages; pixels alone come back.",
        idea: true,
      },
      {
        command: "clamav",
        ours: "`guestkit vm clamav`",
        about: "A verdict a file; the signatures are a folder of the host's.",
        idea: true,
      },
    ],
  },
  {
    title: "Many machines, and none to look after them",
    commands: [
      {
        command: "kvmx-supervise",
        ours: "`autostart`",
        about: "This user's systemd starts and stops them; `loginctl enable-linger` has them run without a login.",
      },
      {
        command: "kvmx-supervise foreach",
        ours: "`guestkit vm foreach`",
        about: "By name, label and state, side by side, with a summary and one exit code.",
      },
      {
        command: "kvmx-supervise foreach upgrade",
        ours: "`guestkit vm foreach upgrade`",
        about: "The mass upgrade; machines without an `upgrade_command` are skipped with a reason.",
        idea: true,
      },
      { command: "top", ours: "`guestkit vm top`", about: "What machines use, live.", idea: true },
      {
        command: "kvmx-ci",
        ours: "`guestkit ci run`, `guestkit ci install`",
        about:
          "Commits and tags signed by allowed keys alone; rebuilds or provisions what changed, reports (JSON, HTML), and installs a timer of systemd's.",
        idea: true,
      },
      {
        command: "kvmxconfig",
        ours: "`GUESTKIT_DATA_DIR` and its like",
        about: "Settings of the host are few: docs/cli.md.",
      },
    ],
  },
];
