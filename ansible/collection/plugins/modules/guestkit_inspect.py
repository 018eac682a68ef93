#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Generated from the contract by `npm run generate`: change the contract instead.

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: guestkit_inspect
short_description: "What is inside an image: operating system, packages, users, file systems"
version_added: 0.1.0
description:
  - "Opens the image without mounting it, finds the operating systems in it and gathers their facts. An image
    without one is an answer, not an error: the same fields, null or empty."
  - Runs the C(guestkit) command on the managed host.
author:
  - the guestkit authors (@guestkit)
attributes:
  action_group:
    support: full
    membership:
      - guestkit.guestkit.all
      - guestkit.guestkit.disks
    description:
      - C(module_defaults) may set what a whole group of modules has.
  check_mode:
    support: full
    description:
      - "Reads only: check mode is as a run."
  diff_mode:
    support: none
    description:
      - "Reads only: nothing changes."
requirements:
  - guestkit on the managed host (the role guestkit.guestkit.guestkit installs it)
options:
  disk:
    description:
      - "The image: a path on the host, or the id of a disk_image."
    type: path
    required: true
    aliases:
      - disk_image
  image_format:
    description:
      - "The image's own format; what is recorded of it, else what it looks like where left out. Never seen by
        itself: split (a raw disk in files disk.001, disk.002, ...) and luks."
    type: str
    choices:
      - qcow2
      - raw
      - vmdk
      - vhd
      - vhdx
      - vdi
      - qed
      - parallels
      - qcow
      - luks
      - split
      - ova
  with:
    description:
      - "Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a
        whole."
    type: list
    elements: path
  partition:
    description:
      - Number of the image's partition to look into; the system's root, or the only file system, where left
        out.
    type: int
  filesystem:
    description:
      - "The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root,
        btrfsvol:/dev/sda3/root."
    type: str
  snapshot:
    description:
      - An internal snapshot's id or name, instead of the present state.
    type: str
  facts:
    description:
      - "Groups of facts to gather beside those that always are: all, or their names."
    type: list
    elements: str
    choices:
      - access
      - boot
      - containers
      - flatpaks
      - history
      - languages
      - schedule
      - security
      - services
      - storage
      - all
  checks:
    description:
      - Rules over what is in the image.
    type: dict
    suboptions:
      profiles:
        description:
          - Sets of rules that guestkit brings along; a rule of the same name stands above theirs.
        type: list
        elements: str
        default: []
        choices:
          - golden-image
          - hardened
      rules:
        description:
          - What has to hold, each rule by a name of its own.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description:
              - Its name, unique in the list.
            type: str
            required: true
          title:
            description:
              - What it asks for, in a sentence; told where it is not so.
            type: str
          severity:
            description:
              - How bad it is where it does not hold; info is told and stops nothing.
            type: str
            default: medium
            choices:
              - info
              - low
              - medium
              - high
              - critical
          package:
            description:
              - A package, its presence and version.
            type: dict
            suboptions:
              name:
                description:
                  - Name of the package; * and ? stand for other characters.
                type: str
                required: true
              state:
                description:
                  - Whether it is to be there; optional says what holds of it where it is.
                type: str
                default: present
                choices:
                  - present
                  - absent
                  - optional
              version:
                description:
                  - "Versions that are right, in the order of the system's own package manager: \">= 3.0.15\",
                    \">= 1:9.2, < 1:10\". Of several that are installed each has to be right."
                type: str
          file:
            description:
              - "A file: whether it is there, whose it is, what is in it."
            type: dict
            suboptions:
              path:
                description:
                  - Absolute path inside the image; links are followed.
                type: str
                required: true
              state:
                description:
                  - Whether the file is to be there.
                type: str
                default: present
                choices:
                  - present
                  - absent
                  - optional
              type:
                description:
                  - What it has to be; a symlink is not followed.
                type: str
                choices:
                  - file
                  - directory
                  - symlink
              owner:
                description:
                  - Name or number of the user who has to own it.
                type: str
              group:
                description:
                  - Name or number of its group.
                type: str
              mode:
                description:
                  - "Permission bits in octal, all of them: 0644."
                type: str
              mode_at_most:
                description:
                  - "Permission bits in octal of which it may have none but these: 0640."
                type: str
              sha256:
                description:
                  - "Digest of the whole content: 64 hexadecimal digits."
                type: str
              contains:
                description:
                  - Text that has to be in it.
                type: str
              lacks:
                description:
                  - Text that must not be in it.
                type: str
              matches:
                description:
                  - Regular expression that a line has to match; without back references and looking around.
                type: str
              matches_not:
                description:
                  - Regular expression that no line may match.
                type: str
          service:
            description:
              - A service, and whether it starts by itself.
            type: dict
            suboptions:
              name:
                description:
                  - "Name of the service: sshd, fstrim.timer."
                type: str
                required: true
              state:
                description:
                  - What it is to be at the next start; masked is disabled as well.
                type: str
                required: true
                choices:
                  - enabled
                  - disabled
                  - masked
          user:
            description:
              - "A user: whether there is one, and how."
            type: dict
            suboptions:
              name:
                description:
                  - Name of the user.
                type: str
                required: true
              state:
                description:
                  - Whether the user is to be there.
                type: str
                default: present
                choices:
                  - present
                  - absent
                  - optional
              uid:
                description:
                  - Number that the user has to have.
                type: int
              shell:
                description:
                  - "Shell that the user has to have: /usr/sbin/nologin."
                type: str
              locked:
                description:
                  - Whether a password lets nobody in as this user.
                type: bool
              groups:
                description:
                  - Names of groups that the user has to be in.
                type: list
                elements: str
          sshd:
            description:
              - A setting of the SSH server.
            type: dict
            suboptions:
              setting:
                description:
                  - "Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well."
                type: str
                required: true
              allowed:
                description:
                  - Values of which the effective one has to be one, in any case.
                type: list
                elements: str
                required: true
          certificates:
            description:
              - Certificates in the usual places of servers, and for how long they are good.
            type: dict
            suboptions:
              path:
                description:
                  - "Path of the certificate inside the image; * and ? stand for other characters. Left out:
                    all that are found."
                type: str
              days:
                description:
                  - Days for which each has to be good, from today on.
                type: int
                default: 30
          leftovers:
            description:
              - "What must not be left in an image that is copied: keys, tokens, history, logs."
            type: dict
            suboptions:
              kinds:
                description:
                  - What must not be left of the system that the image came from.
                type: list
                elements: str
                required: true
                choices:
                  - host_keys
                  - private_keys
                  - authorized_keys
                  - tokens
                  - history
                  - machine_id
                  - random_seed
                  - logs
                  - leases
                  - cloud_init
                  - caches
                  - temporary
              allowed:
                description:
                  - Paths that may be there all the same; * and ? stand for other characters.
                type: list
                elements: str
                default: []
      waivers:
        description:
          - Rules that need not hold for a while, and why.
        type: list
        elements: dict
        default: []
        suboptions:
          check:
            description:
              - Name of the rule that need not hold.
            type: str
            required: true
          reason:
            description:
              - Why it need not.
            type: str
            required: true
          until:
            description:
              - "Last day on which the waiver counts, in UTC: 2027-01-31."
            type: str
            required: true
      file:
        description:
          - File with more rules and waivers, as guestkit check takes it. Where the engine works on another
            host, it is read on the machine that asks; host:/PATH is the host's own.
        type: path
      on_failure:
        description:
          - "A rule that does not hold: keep tells it in failed_checks; fail makes reading the image an error."
        type: str
        default: keep
        choices:
          - fail
          - keep
  keys:
    description:
      - What opens encrypted devices, by device, UUID or V(*) for any. Each is a dict with C(passphrase) or
        C(file), a path on the managed host, and with C(header) where a device's LUKS header stands in a file
        of its own there.
      - It is kept nowhere and shown nowhere.
    type: dict
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: What runs in this image?
  guestkit.guestkit.guestkit_inspect:
    disk: ubuntu.qcow2
  register: result
- name: May it be copied?
  guestkit.guestkit.guestkit_inspect:
    disk: base.qcow2
    checks:
      profiles:
        - golden-image
      rules:
        - name: openssl
          severity: high
          package:
            name: openssl
            version: ">= 3.0.15"
      waivers:
        - check: no-logs
          reason: The build's own log is wanted.
          until: "2027-01-31"
  register: result
- name: What runs in it by the clock?
  guestkit.guestkit.guestkit_inspect:
    disk: ubuntu.qcow2
    facts:
      - schedule
  register: result
'''

RETURN = r'''
---
format_version:
  description: Version of this shape.
  type: int
  returned: always
os_type:
  description: Kind of operating system; null where there is none.
  type: str
  returned: always
distro:
  description: "ID of os-release: debian."
  type: str
  returned: always
version:
  description: "VERSION_ID of os-release: 12."
  type: str
  returned: always
product_name:
  description: "Full name: Debian GNU/Linux 12 (bookworm)."
  type: str
  returned: always
product_variant:
  description: "VARIANT_ID of os-release: server, silverblue."
  type: str
  returned: always
codename:
  description: "VERSION_CODENAME of os-release: bookworm."
  type: str
  returned: always
osinfo:
  description: "libosinfo's short id: debian12, rhel9.4; null where it has none."
  type: str
  returned: always
hostname:
  description: Host name.
  type: str
  returned: always
machine_id:
  description: machine-id; null in an image for cloning.
  type: str
  returned: always
arch:
  description: "Architecture of its programs: x86_64."
  type: str
  returned: always
root:
  description: Device of the first system's root; null where there is none.
  type: str
  returned: always
package_format:
  description: "How packages come: of nix, what the system's profile needs."
  type: str
  returned: always
package_management:
  description: "What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where
    a system is deployed as a whole."
  type: str
  returned: always
packages:
  description: Packages. Null where it could not be read; a warning says why.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: Name.
      type: str
      returned: always
    epoch:
      description: Epoch of the version; null without one.
      type: int
      returned: always
    version:
      description: Upstream version.
      type: str
      returned: always
    release:
      description: Distribution's revision; null for a package that has none.
      type: str
      returned: always
    arch:
      description: "Architecture: amd64, all."
      type: str
      returned: always
    status:
      description: "installed, or what dpkg says instead: unpacked, half-configured, half-installed, triggers-pending."
      type: str
      returned: always
    source:
      description: Name of the source package.
      type: str
      returned: always
    size:
      description: Bytes installed, as the package says.
      type: int
      returned: always
    vendor:
      description: Who made it, as the package says.
      type: str
      returned: always
    license:
      description: Its licence, as the package says.
      type: str
      returned: always
    installed_at:
      description: When it was installed (RFC 3339, UTC), where that is kept.
      type: str
      returned: always
    purl:
      description: "Package URL: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12; null where no
        type is specified."
      type: str
      returned: always
mounts:
  description: File systems as the guest would mount them.
  type: list
  elements: dict
  returned: always
  contains:
    target:
      description: Where it is mounted in the guest.
      type: str
      returned: always
    device:
      description: "Device as libguestfs names it: /dev/sda1."
      type: str
      returned: always
    type:
      description: File system.
      type: str
      returned: always
    options:
      description: Options of fstab, separated by commas; null where fstab does not name it.
      type: str
      returned: always
users:
  description: Accounts, without passwords. Null where it could not be read; a warning says why.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: Login name.
      type: str
      returned: always
    uid:
      description: Number.
      type: int
      returned: always
    gid:
      description: Number of the first group.
      type: int
      returned: always
    gecos:
      description: Full name and more.
      type: str
      returned: always
    home:
      description: Home directory.
      type: str
      returned: always
    shell:
      description: Login shell.
      type: str
      returned: always
    groups:
      description: Names of all groups.
      type: list
      elements: str
      returned: always
groups:
  description: Groups. Null where it could not be read; a warning says why.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: Name.
      type: str
      returned: always
    gid:
      description: Number.
      type: int
      returned: always
    members:
      description: Users that have it beside their first group.
      type: list
      elements: str
      returned: always
timezone:
  description: "Time zone: Europe/Berlin."
  type: str
  returned: always
locale:
  description: "LANG: C.UTF-8."
  type: str
  returned: always
kernels:
  description: Kernels. Null where it could not be read; a warning says why.
  type: list
  elements: dict
  returned: always
  contains:
    version:
      description: "As uname -r says: 6.1.0-27-amd64."
      type: str
      returned: always
    image:
      description: Path of the kernel in the guest.
      type: str
      returned: always
    initrd:
      description: Path of its initial RAM disk.
      type: str
      returned: always
    modules:
      description: Path of its modules.
      type: str
      returned: always
units:
  description: What is enabled in systemd. Null where it could not be read; a warning says why.
  type: dict
  returned: always
  contains:
    default_target:
      description: "What is started: graphical.target."
      type: str
      returned: always
    enabled:
      description: Units that the administrator enabled.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Unit.
          type: str
          returned: always
        wanted_by:
          description: Units that pull it in.
          type: list
          elements: str
          returned: always
    masked:
      description: Units that cannot be started.
      type: list
      elements: str
      returned: always
network:
  description: Network configuration. Null where it could not be read; a warning says why.
  type: list
  elements: dict
  returned: always
  contains:
    kind:
      description: Whose configuration it is.
      type: str
      returned: always
    files:
      description: Files that were read.
      type: list
      elements: str
      returned: always
    renderer:
      description: Who carries netplan's configuration out; null where it is not said.
      type: str
      returned: always
    interfaces:
      description: Interfaces it speaks of.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name, or a pattern of names.
          type: str
          returned: always
        dhcp:
          description: Addresses come by DHCP.
          type: bool
          returned: always
        addresses:
          description: Addresses as written.
          type: list
          elements: str
          returned: always
bootloader:
  description: What starts the system. Null where it could not be read; a warning says why.
  type: dict
  returned: always
  contains:
    loaders:
      description: Boot loaders that are there.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Boot loader; uki is a unified kernel image, fallback what firmware starts by itself.
          type: str
          returned: always
        firmware:
          description: Which firmware starts it.
          type: str
          returned: always
        path:
          description: Path in the EFI system partition; null for boot code in the first sector.
          type: str
          returned: always
    config:
      description: The menu's file in the guest.
      type: str
      returned: always
cloud_init:
  description: cloud-init. Null where it could not be read; a warning says why.
  type: dict
  returned: always
  contains:
    installed:
      description: It is there, as a package or a program.
      type: bool
      returned: always
    enabled:
      description: It starts by itself.
      type: bool
      returned: always
    version:
      description: The package's version.
      type: str
      returned: always
guest_agent:
  description: QEMU's guest agent. Null where it could not be read; a warning says why.
  type: dict
  returned: always
  contains:
    installed:
      description: It is there, as a package or a program.
      type: bool
      returned: always
    enabled:
      description: It starts by itself.
      type: bool
      returned: always
    version:
      description: The package's version.
      type: str
      returned: always
flatpaks:
  description: Applications and runtimes that flatpak has installed. Null unless facts names flatpaks, or where
    it could not be read.
  type: list
  elements: dict
  returned: always
  contains:
    kind:
      description: An application, or what applications run in.
      type: str
      returned: always
    name:
      description: "Its ID: org.gnome.Calculator."
      type: str
      returned: always
    arch:
      description: "Architecture: x86_64."
      type: str
      returned: always
    branch:
      description: "Branch: stable, 23.08."
      type: str
      returned: always
    version:
      description: Its makers' own version.
      type: str
      returned: always
    license:
      description: Its licence, as it says.
      type: str
      returned: always
    runtime:
      description: "Of an application what it runs in: org.gnome.Platform/x86_64/46."
      type: str
      returned: always
    origin:
      description: The remote that it came from.
      type: str
      returned: always
    commit:
      description: "What is installed: 64 hexadecimal digits."
      type: str
      returned: always
    size:
      description: Bytes installed, as flatpak says.
      type: int
      returned: always
    user:
      description: Whose installation it is in; null for the system's.
      type: str
      returned: always
containers:
  description: What runs containers, and what they are made of. Null unless facts names containers, or where it
    could not be read.
  type: dict
  returned: always
  contains:
    engines:
      description: Programs that run containers.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: docker, podman, cri-o, kubelet.
          type: str
          returned: always
        path:
          description: Its program.
          type: str
          returned: always
    images:
      description: Images in the stores of engines.
      type: list
      elements: dict
      returned: always
      contains:
        engine:
          description: Whose store it is in; Podman, Buildah and CRI-O share podman's.
          type: str
          returned: always
        store:
          description: The folder of the store.
          type: str
          returned: always
        namespace:
          description: "containerd's namespace: k8s.io, moby; null elsewhere."
          type: str
          returned: always
        id:
          description: "sha256: and digits: of its configuration, or of its manifest with containerd."
          type: str
          returned: always
        names:
          description: "Names with tags: docker.io/library/nginx:1.27; empty for one without."
          type: list
          elements: str
          returned: always
    containers:
      description: Containers that were made of them.
      type: list
      elements: dict
      returned: always
      contains:
        engine:
          description: Whose store it is in; Podman, Buildah and CRI-O share podman's.
          type: str
          returned: always
        store:
          description: The folder of the store.
          type: str
          returned: always
        namespace:
          description: "containerd's namespace: k8s.io, moby; null elsewhere."
          type: str
          returned: always
        id:
          description: Its id.
          type: str
          returned: always
        name:
          description: Its name; null where it has none.
          type: str
          returned: always
        image:
          description: Its image, by name or id.
          type: str
          returned: always
        restart:
          description: "When it is started again: always, unless-stopped; null where that is not told."
          type: str
          returned: always
    declared:
      description: Files that ask for containers.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: What kind of file it is.
          type: str
          returned: always
        path:
          description: The file.
          type: str
          returned: always
        images:
          description: Images that it names.
          type: list
          elements: str
          returned: always
history:
  description: Who was there and when the system ran. Null unless facts names history, or where it could not be read.
  type: dict
  returned: always
  contains:
    logs:
      description: "Files that tell of logins: wtmp, btmp, wtmpdb."
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file.
          type: str
          returned: always
        records:
          description: How many records it has; of those, the last 100 of a kind are told below.
          type: int
          returned: always
    boots:
      description: Starts of the system, newest first.
      type: list
      elements: dict
      returned: always
      contains:
        at:
          description: When it was started (RFC 3339, UTC); null where that is not told.
          type: str
          returned: always
        kernel:
          description: The kernel that ran, where that was noted.
          type: str
          returned: always
        until:
          description: When it was shut down (RFC 3339, UTC); null where that is not told.
          type: str
          returned: always
        ended:
          description: "shutdown; crash: the next start came without one; unknown: nothing is told after it."
          type: str
          returned: always
    logins:
      description: Sessions, newest first, as last prints them.
      type: list
      elements: dict
      returned: always
      contains:
        user:
          description: Login name.
          type: str
          returned: always
        line:
          description: "Where: pts/0, tty1."
          type: str
          returned: always
        host:
          description: Where from; null for one at the machine itself.
          type: str
          returned: always
        at:
          description: When it began (RFC 3339, UTC); null where that is not told.
          type: str
          returned: always
        until:
          description: When it ended, or the system with it (RFC 3339, UTC); null where that is not told.
          type: str
          returned: always
        ended:
          description: "How: logout, shutdown, crash; unknown where no end is told."
          type: str
          returned: always
    failed_logins:
      description: Logins that were refused, newest first, as lastb prints them.
      type: list
      elements: dict
      returned: always
      contains:
        user:
          description: "Login name; null for a name that no user has: it may be a password typed too soon."
          type: str
          returned: always
        line:
          description: "Where: ssh:notty, tty1."
          type: str
          returned: always
        host:
          description: Where from.
          type: str
          returned: always
        at:
          description: When (RFC 3339, UTC); null where that is not told.
          type: str
          returned: always
    last_logins:
      description: When each user was there last, by lastlog and lastlog2.
      type: list
      elements: dict
      returned: always
      contains:
        user:
          description: Login name.
          type: str
          returned: always
        at:
          description: When (RFC 3339, UTC).
          type: str
          returned: always
        line:
          description: "Where: pts/0."
          type: str
          returned: always
        host:
          description: Where from.
          type: str
          returned: always
        file:
          description: The file that tells.
          type: str
          returned: always
    shell_histories:
      description: "Files that keep what users typed: where they are, never what is in them."
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file.
          type: str
          returned: always
        user:
          description: Whose home it is in.
          type: str
          returned: always
        lines:
          description: Its lines; null for more than 4 MiB.
          type: int
          returned: always
    first_signs:
      description: Traces of how and when the system came to be.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: What left it.
          type: str
          returned: always
        path:
          description: The file or folder.
          type: str
          returned: always
        changed_at:
          description: When it was changed last (RFC 3339, UTC); null where that is not told.
          type: str
          returned: always
    instance_id:
      description: Cloud-init's id of the machine that it set up last.
      type: str
      returned: always
boot:
  description: How the system starts, by the files of its boot loaders. Null unless facts names boot, or where
    it could not be read.
  type: dict
  returned: always
  contains:
    command_line:
      description: What the kernel is told where nobody chooses; null where no menu says it.
      type: str
      returned: always
    entries:
      description: What the menus offer.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: Whose it is; bls is a file of the Boot Loader Specification, unified a kernel with all that it
            needs.
          type: str
          returned: always
        id:
          description: "By which loaders name it: debian-6.1.conf; null where it has none."
          type: str
          returned: always
        title:
          description: What the menu shows.
          type: str
          returned: always
        version:
          description: Version, where the entry says it.
          type: str
          returned: always
        file:
          description: What says it.
          type: str
          returned: always
        kernel:
          description: As the loader names it, often from its own partition's root on; null where it starts no kernel.
          type: str
          returned: always
        initrds:
          description: Initial RAM disks, likewise.
          type: list
          elements: str
          returned: always
        options:
          description: The kernel's command line, variables put in.
          type: str
          returned: always
        is_default:
          description: It starts where nobody chooses.
          type: bool
          returned: always
    grub:
      description: GRUB; null where none of its menus offers anything.
      type: dict
      returned: always
      contains:
        config:
          description: The file of its menu.
          type: str
          returned: always
        environment:
          description: What its environment block (grubenv) holds.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Name.
              type: str
              returned: always
            value:
              description: Value.
              type: str
              returned: always
        default:
          description: "The default entry as the menu sets it: 0, 1>2, a title or an id."
          type: str
          returned: always
    systemd_boot:
      description: Settings of systemd-boot; null without loader.conf.
      type: dict
      returned: always
      contains:
        config:
          description: The file.
          type: str
          returned: always
        default:
          description: A pattern of the default entry's id.
          type: str
          returned: always
        timeout:
          description: Seconds of the menu, or menu-force, menu-hidden.
          type: str
          returned: always
        editor:
          description: The command line may be changed in the menu.
          type: bool
          returned: always
    initramfs:
      description: Initial RAM disks that entries name or that lie beside kernels.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file; a unified kernel for the one in it.
          type: str
          returned: always
        size:
          description: Bytes.
          type: int
          returned: always
        contents:
          description: What is in it; null where it was not read, and a warning says why.
          type: dict
          returned: always
          contains:
            archives:
              description: Its archives, as the kernel unpacks them one after another.
              type: list
              elements: dict
              returned: always
              contains:
                offset:
                  description: Bytes from the file's start.
                  type: int
                  returned: always
                packing:
                  description: Null where it is not packed, as microcode is.
                  type: str
                  returned: always
                names:
                  description: Names in it, folders among them.
                  type: int
                  returned: always
                size:
                  description: Bytes, unpacked.
                  type: int
                  returned: always
            kernels:
              description: Versions of kernels whose modules it has.
              type: list
              elements: str
              returned: always
            modules:
              description: "Modules by the names that the kernel gives them: virtio_blk."
              type: list
              elements: str
              returned: always
            features:
              description: "What else is in it: lvm, cryptsetup, mdadm, microcode-intel, dracut, initramfs-tools."
              type: list
              elements: str
              returned: always
            key_files:
              description: Files in it that may be keys of disks.
              type: list
              elements: str
              returned: always
    unified:
      description: Unified kernel images of EFI/Linux.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file.
          type: str
          returned: always
        title:
          description: Of the os-release in it.
          type: str
          returned: always
        version:
          description: "The kernel's: as uname -r says."
          type: str
          returned: always
        command_line:
          description: The command line in it; null without one.
          type: str
          returned: always
        arch:
          description: Architecture by libguestfs's names.
          type: str
          returned: always
        signed:
          description: It bears a signature of Secure Boot; whose is not looked at.
          type: bool
          returned: always
        sections:
          description: Its sections.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: "Name: .linux, .initrd, .osrel."
              type: str
              returned: always
            size:
              description: Bytes.
              type: int
              returned: always
access:
  description: Who gets in, and who may do what another one may. Null unless facts names access, or where it
    could not be read.
  type: dict
  returned: always
  contains:
    passwords:
      description: State and ages of each account's password.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Account.
          type: str
          returned: always
        state:
          description: "none: nobody is asked for one; locked: kept behind a !; never: nothing that is typed fits."
          type: str
          returned: always
        algorithm:
          description: "yescrypt, sha512, md5: what its hash was made by. The hash is never told."
          type: str
          returned: always
        changed:
          description: "Day of its last change: 2026-11-30."
          type: str
          returned: always
        must_change:
          description: It has to be changed at the next login.
          type: bool
          returned: always
        min_days:
          description: Days before it may be changed again.
          type: int
          returned: always
        max_days:
          description: Days after which it has to be changed.
          type: int
          returned: always
        warn_days:
          description: Days of warning before that.
          type: int
          returned: always
        inactive_days:
          description: Days that it is taken for after that.
          type: int
          returned: always
        expires:
          description: Day from which nobody gets in.
          type: str
          returned: always
    sudo:
      description: What sudoers says; null where there is none.
      type: dict
      returned: always
      contains:
        rules:
          description: Who may run what.
          type: list
          elements: dict
          returned: always
          contains:
            file:
              description: The file that says it.
              type: str
              returned: always
            users:
              description: "Who: names, %group, #uid, +netgroup, aliases; ! before what is taken out."
              type: list
              elements: str
              returned: always
            hosts:
              description: On which hosts.
              type: list
              elements: str
              returned: always
            as_users:
              description: As whom; root where both this and as_groups are empty.
              type: list
              elements: str
              returned: always
            as_groups:
              description: As which groups.
              type: list
              elements: str
              returned: always
            commands:
              description: What, with arguments.
              type: list
              elements: str
              returned: always
            nopasswd:
              description: No password is asked for.
              type: bool
              returned: always
        aliases:
          description: Names that rules use.
          type: list
          elements: dict
          returned: always
          contains:
            file:
              description: The file that says it.
              type: str
              returned: always
            kind:
              description: What it stands for.
              type: str
              returned: always
            name:
              description: "Its name: ADMINS."
              type: str
              returned: always
            members:
              description: What it stands for.
              type: list
              elements: str
              returned: always
        defaults:
          description: Settings.
          type: list
          elements: dict
          returned: always
          contains:
            file:
              description: The file that says it.
              type: str
              returned: always
            setting:
              description: "As written: env_reset, :web !authenticate."
              type: str
              returned: always
    doas:
      description: What doas.conf says.
      type: list
      elements: dict
      returned: always
      contains:
        file:
          description: The file that says it.
          type: str
          returned: always
        action:
          description: Whether it is let through.
          type: str
          returned: always
        options:
          description: nopass, persist, keepenv, setenv; values of variables are left out.
          type: list
          elements: str
          returned: always
        identity:
          description: "Who: a user, or :group."
          type: str
          returned: always
        as_user:
          description: As whom; null for anybody.
          type: str
          returned: always
        command:
          description: What, with its arguments; null for any.
          type: str
          returned: always
    authorized_keys:
      description: Keys that let somebody in by SSH. The keys themselves are not told.
      type: list
      elements: dict
      returned: always
      contains:
        user:
          description: Whom it lets in.
          type: str
          returned: always
        file:
          description: The file that says it.
          type: str
          returned: always
        type:
          description: ssh-ed25519, ssh-rsa.
          type: str
          returned: always
        bits:
          description: Its length; null of a type that is not known.
          type: int
          returned: always
        fingerprint:
          description: "As ssh-keygen -l tells it: SHA256:..."
          type: str
          returned: always
        comment:
          description: Its comment.
          type: str
          returned: always
        options:
          description: no-pty, command="...", from="..."; what environment is set to is left out.
          type: list
          elements: str
          returned: always
    host_keys:
      description: Host keys.
      type: list
      elements: dict
      returned: always
      contains:
        file:
          description: The private key.
          type: str
          returned: always
        type:
          description: ssh-ed25519, ssh-rsa.
          type: str
          returned: always
        bits:
          description: Its length; null of a type that is not known.
          type: int
          returned: always
        fingerprint:
          description: "As ssh-keygen -l tells it: SHA256:..."
          type: str
          returned: always
        comment:
          description: Its comment.
          type: str
          returned: always
    sshd:
      description: Settings of the SSH server; null where it has no configuration.
      type: dict
      returned: always
      contains:
        settings:
          description: What counts for everybody; defaults where all releases have the same.
          type: list
          elements: dict
          returned: always
          contains:
            keyword:
              description: "Setting, in small letters: permitrootlogin."
              type: str
              returned: always
            value:
              description: As sshd -T prints it; a setting of several values has one entry each.
              type: str
              returned: always
            file:
              description: Where it is said; null of a default.
              type: str
              returned: always
        matches:
          description: Match blocks.
          type: list
          elements: dict
          returned: always
          contains:
            file:
              description: The file that says it.
              type: str
              returned: always
            criteria:
              description: "For whom: user git, address 10.0.0.0/8."
              type: str
              returned: always
            settings:
              description: What is otherwise for them.
              type: list
              elements: dict
              returned: always
              contains:
                keyword:
                  description: Setting.
                  type: str
                  returned: always
                value:
                  description: As written.
                  type: str
                  returned: always
languages:
  description: "Packages of languages: Python, npm, RubyGems, Go, Rust, Maven. Null unless facts names
    languages, or where it could not be read."
  type: list
  elements: dict
  returned: always
  contains:
    ecosystem:
      description: "Its kind, as package URLs name it: cargo, gem, golang, maven, npm or pypi."
      type: str
      returned: always
    name:
      description: "Name, as its ecosystem spells it: @scope/name, group:artifact, github.com/a/b."
      type: str
      returned: always
    version:
      description: Version; null where none is told.
      type: str
      returned: always
    path:
      description: "What tells of it: metadata, or the program that it is part of."
      type: str
      returned: always
    purl:
      description: "Package URL: pkg:npm/%40scope/name@1.0.0; null where none would find it."
      type: str
      returned: always
schedule:
  description: What runs by the clock. Null unless facts names schedule, or where it could not be read.
  type: dict
  returned: always
  contains:
    cron:
      description: Jobs of cron.
      type: list
      elements: dict
      returned: always
      contains:
        file:
          description: The crontab, or the script of /etc/cron.daily and its like.
          type: str
          returned: always
        schedule:
          description: "When: 17 * * * *, @reboot, @daily."
          type: str
          returned: always
        user:
          description: Whom it runs as; null where that is not said.
          type: str
          returned: always
        command:
          description: What is run, without the passwords and tokens that show in it.
          type: str
          returned: always
    timers:
      description: Timers of systemd.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: "The timer: apt-daily.timer."
          type: str
          returned: always
        unit:
          description: What it starts.
          type: str
          returned: always
        triggers:
          description: "When: OnCalendar=daily, OnBootSec=15min."
          type: list
          elements: str
          returned: always
        enabled:
          description: It starts with the system.
          type: bool
          returned: always
security:
  description: What confines programs, what keeps packets out, and what lies about that lets somebody in. Null
    unless facts names security, or where it could not be read.
  type: dict
  returned: always
  contains:
    selinux:
      description: SELinux; null where nothing is set.
      type: dict
      returned: always
      contains:
        mode:
          description: enforcing, permissive or disabled, by /etc/selinux/config.
          type: str
          returned: always
        type:
          description: "Kind of policy: targeted, default, mls."
          type: str
          returned: always
        policy:
          description: The compiled policy of that kind, the newest; null where none is installed.
          type: str
          returned: always
        relabel:
          description: The next boot labels every file anew (/.autorelabel).
          type: bool
          returned: always
    apparmor:
      description: Profiles of AppArmor; null without /etc/apparmor.d.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: "Its name: /usr/sbin/cupsd; one within another stands behind that and //."
          type: str
          returned: always
        file:
          description: The file of /etc/apparmor.d that says it.
          type: str
          returned: always
        mode:
          description: What becomes of what it does not allow; disabled where a link says so.
          type: str
          returned: always
    firewall:
      description: What keeps packets out.
      type: dict
      returned: always
      contains:
        files:
          description: Files of rules of nftables and iptables.
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file.
              type: str
              returned: always
            kind:
              description: Whose rules.
              type: str
              returned: always
            enabled:
              description: A unit that loads it starts with the system; null where that is not known.
              type: bool
              returned: always
            rules:
              description: Rules in all chains.
              type: int
              returned: always
            input:
              description: "What becomes of what no rule of input names: accept, drop; null where none looks at what comes
                in."
              type: str
              returned: always
        firewalld:
          description: Settings of firewalld; null where there are none.
          type: dict
          returned: always
          contains:
            enabled:
              description: Its unit starts with the system; null where that is not known.
              type: bool
              returned: always
            default_zone:
              description: The zone of interfaces that no other names.
              type: str
              returned: always
            zones:
              description: Zones that the administrator has written, and the default one.
              type: list
              elements: dict
              returned: always
              contains:
                name:
                  description: Its name.
                  type: str
                  returned: always
                file:
                  description: The file that says it.
                  type: str
                  returned: always
                target:
                  description: "What becomes of what it does not name: default, ACCEPT, DROP, %%REJECT%%."
                  type: str
                  returned: always
                interfaces:
                  description: Interfaces in it.
                  type: list
                  elements: str
                  returned: always
                sources:
                  description: Addresses in it.
                  type: list
                  elements: str
                  returned: always
                services:
                  description: Services that it lets in.
                  type: list
                  elements: str
                  returned: always
                ports:
                  description: "Ports that it lets in: 8080/tcp."
                  type: list
                  elements: str
                  returned: always
        ufw:
          description: Settings of ufw; null where there are none.
          type: dict
          returned: always
          contains:
            enabled:
              description: By its own setting, without which its unit does nothing.
              type: bool
              returned: always
            input:
              description: "What becomes of what no rule names: drop, reject, accept."
              type: str
              returned: always
    certificates:
      description: Certificates in the usual places, without a distribution's own roots.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file; a chain's certificates have the same one.
          type: str
          returned: always
        subject:
          description: "Whose it is, as RFC 4514 writes a name: CN=web,O=Example,C=DE."
          type: str
          returned: always
        issuer:
          description: Who signed it.
          type: str
          returned: always
        serial:
          description: Its number in hexadecimal digits.
          type: str
          returned: always
        not_before:
          description: From when on it is good (RFC 3339, UTC).
          type: str
          returned: always
        not_after:
          description: Until when it is good (RFC 3339, UTC).
          type: str
          returned: always
        hosts:
          description: DNS names and addresses that it is good for.
          type: list
          elements: str
          returned: always
        is_ca:
          description: It may sign others.
          type: bool
          returned: always
        self_signed:
          description: It names itself as its issuer, and no other key.
          type: bool
          returned: always
        key_type:
          description: rsa, ec, ed25519, dsa; an object identifier of what is none of those.
          type: str
          returned: always
        key_bits:
          description: Bits of the modulus or the curve; null where that is not known.
          type: int
          returned: always
        sha256:
          description: SHA-256 of the whole, in hexadecimal digits.
          type: str
          returned: always
    bundles:
      description: "Files of more than 16 certificates, which are not told one by one: trust stores."
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file.
          type: str
          returned: always
        certificates:
          description: How many are in it.
          type: int
          returned: always
    private_keys:
      description: Private keys in the usual places; nothing of what is in them.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file.
          type: str
          returned: always
        kind:
          description: How it is written.
          type: str
          returned: always
        encrypted:
          description: A passphrase keeps it; null where that does not show.
          type: bool
          returned: always
        mode:
          description: "Its permissions in octal digits: 0600."
          type: str
          returned: always
        uid:
          description: Number of its owner.
          type: int
          returned: always
    credentials:
      description: Files in which programs keep credentials; never what they are.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The file.
          type: str
          returned: always
        kind:
          description: "Whose it is: aws, docker, kubeconfig, netrc."
          type: str
          returned: always
        filled:
          description: There are credentials in it.
          type: bool
          returned: always
        mode:
          description: "Its permissions in octal digits: 0600."
          type: str
          returned: always
        uid:
          description: Number of its owner.
          type: int
          returned: always
storage:
  description: What the system's own files say of mounts, swap, encrypted devices and arrays. Null unless facts
    names storage, or where it could not be read.
  type: dict
  returned: always
  contains:
    fstab:
      description: Lines of fstab, whatever is here of what they name.
      type: list
      elements: dict
      returned: always
      contains:
        device:
          description: "As it is written: UUID=..., /dev/sda1, tmpfs, server:/export; (secret) for a password in it."
          type: str
          returned: always
        target:
          description: Where it goes; none for swap.
          type: str
          returned: always
        type:
          description: File system, or swap.
          type: str
          returned: always
        options:
          description: Options; (secret) for passwords in them.
          type: list
          elements: str
          returned: always
        mounted:
          description: What it names is in this image, and was mounted for this report.
          type: bool
          returned: always
    crypttab:
      description: "Lines of crypttab: what is opened when the system starts."
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Its name below /dev/mapper.
          type: str
          returned: always
        device:
          description: "What is opened: UUID=..., /dev/sda3."
          type: str
          returned: always
        key_file:
          description: Path of its key, never the key; null where a passphrase is asked for, or a program gives it.
          type: str
          returned: always
        key_in_image:
          description: The key lies in the image.
          type: bool
          returned: always
        options:
          description: Options.
          type: list
          elements: str
          returned: always
    swap:
      description: Swap by fstab and units, in compressed memory, and on devices that nothing names.
      type: list
      elements: dict
      returned: always
      contains:
        device:
          description: "As its file names it: UUID=..., /swapfile, /dev/zram0."
          type: str
          returned: always
        kind:
          description: partition, file or zram (compressed memory).
          type: str
          returned: always
        configured_in:
          description: "What names it: /etc/fstab, a unit; null for swap space that nothing names."
          type: str
          returned: always
        found:
          description: The device of this image that it is; null for none.
          type: str
          returned: always
        size:
          description: Bytes, as the swap space says; null where it is not in the image.
          type: int
          returned: always
        size_rule:
          description: "How its size is reckoned when the system starts: min(ram / 2, 4096); null otherwise."
          type: str
          returned: always
        priority:
          description: Its priority; null where none is said.
          type: int
          returned: always
    arrays:
      description: Arrays that mdadm.conf names.
      type: list
      elements: dict
      returned: always
      contains:
        device:
          description: "What the array is to be called: /dev/md0."
          type: str
          returned: always
        uuid:
          description: "Its id: 32 hexadecimal digits."
          type: str
          returned: always
services:
  description: What starts with the system, and what could. Null unless facts names services, or where it could
    not be read.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: "Unit or script: ssh.service, getty@tty1.service, sshd."
      type: str
      returned: always
    kind:
      description: Whose it is.
      type: str
      returned: always
    state:
      description: As systemctl is-enabled says it; scripts are enabled or disabled.
      type: str
      returned: always
    preset:
      description: What presets say; null where there is nothing to enable.
      type: str
      returned: always
    wanted_by:
      description: "What pulls it in: multi-user.target, a runlevel."
      type: list
      elements: str
      returned: always
    file:
      description: Its file, before links are followed.
      type: str
      returned: always
filesystems:
  description: What every partition holds, recognised or not.
  type: list
  elements: dict
  returned: always
  contains:
    device:
      description: "Device as libguestfs names it: /dev/sda1; /dev/sda without a partition table."
      type: str
      returned: always
    type:
      description: ext4, vfat, swap, crypto_LUKS; null where it is not recognised.
      type: str
      returned: always
    uuid:
      description: "UUID, or a FAT serial: 1234-ABCD."
      type: str
      returned: always
    label:
      description: Label.
      type: str
      returned: always
    size:
      description: Bytes.
      type: int
      returned: always
    free:
      description: Bytes free for files; null where unknown.
      type: int
      returned: always
    partition:
      description: Number of its partition; null without a partition table.
      type: int
      returned: always
    partition_uuid:
      description: PARTUUID.
      type: str
      returned: always
    partition_name:
      description: GPT partition name.
      type: str
      returned: always
    error:
      description: "Why it cannot be read: code and text."
      type: str
      returned: always
operating_systems:
  description: Every system that was found; the first is the one above.
  type: list
  elements: dict
  returned: always
  contains:
    os_type:
      description: Kind of operating system.
      type: str
      returned: always
    distro:
      description: "ID of os-release: debian."
      type: str
      returned: always
    version:
      description: "VERSION_ID of os-release: 12."
      type: str
      returned: always
    product_name:
      description: "Full name: Debian GNU/Linux 12 (bookworm)."
      type: str
      returned: always
    product_variant:
      description: "VARIANT_ID of os-release: server, silverblue."
      type: str
      returned: always
    codename:
      description: "VERSION_CODENAME of os-release: bookworm."
      type: str
      returned: always
    osinfo:
      description: "libosinfo's short id: debian12, rhel9.4; null where it has none."
      type: str
      returned: always
    hostname:
      description: Host name.
      type: str
      returned: always
    machine_id:
      description: machine-id; null in an image for cloning.
      type: str
      returned: always
    arch:
      description: "Architecture of its programs: x86_64."
      type: str
      returned: always
    root:
      description: Device of its root file system.
      type: str
      returned: always
    package_format:
      description: "How packages come: of nix, what the system's profile needs."
      type: str
      returned: always
    package_management:
      description: "What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where
        a system is deployed as a whole."
      type: str
      returned: always
    packages:
      description: Packages. Null where it could not be read; a warning says why.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name.
          type: str
          returned: always
        epoch:
          description: Epoch of the version; null without one.
          type: int
          returned: always
        version:
          description: Upstream version.
          type: str
          returned: always
        release:
          description: Distribution's revision; null for a package that has none.
          type: str
          returned: always
        arch:
          description: "Architecture: amd64, all."
          type: str
          returned: always
        status:
          description: "installed, or what dpkg says instead: unpacked, half-configured, half-installed,
            triggers-pending."
          type: str
          returned: always
        source:
          description: Name of the source package.
          type: str
          returned: always
        size:
          description: Bytes installed, as the package says.
          type: int
          returned: always
        vendor:
          description: Who made it, as the package says.
          type: str
          returned: always
        license:
          description: Its licence, as the package says.
          type: str
          returned: always
        installed_at:
          description: When it was installed (RFC 3339, UTC), where that is kept.
          type: str
          returned: always
        purl:
          description: "Package URL: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12; null where no
            type is specified."
          type: str
          returned: always
    mounts:
      description: File systems as the guest would mount them.
      type: list
      elements: dict
      returned: always
      contains:
        target:
          description: Where it is mounted in the guest.
          type: str
          returned: always
        device:
          description: "Device as libguestfs names it: /dev/sda1."
          type: str
          returned: always
        type:
          description: File system.
          type: str
          returned: always
        options:
          description: Options of fstab, separated by commas; null where fstab does not name it.
          type: str
          returned: always
    users:
      description: Accounts, without passwords. Null where it could not be read; a warning says why.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Login name.
          type: str
          returned: always
        uid:
          description: Number.
          type: int
          returned: always
        gid:
          description: Number of the first group.
          type: int
          returned: always
        gecos:
          description: Full name and more.
          type: str
          returned: always
        home:
          description: Home directory.
          type: str
          returned: always
        shell:
          description: Login shell.
          type: str
          returned: always
        groups:
          description: Names of all groups.
          type: list
          elements: str
          returned: always
    groups:
      description: Groups. Null where it could not be read; a warning says why.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name.
          type: str
          returned: always
        gid:
          description: Number.
          type: int
          returned: always
        members:
          description: Users that have it beside their first group.
          type: list
          elements: str
          returned: always
    timezone:
      description: "Time zone: Europe/Berlin."
      type: str
      returned: always
    locale:
      description: "LANG: C.UTF-8."
      type: str
      returned: always
    kernels:
      description: Kernels. Null where it could not be read; a warning says why.
      type: list
      elements: dict
      returned: always
      contains:
        version:
          description: "As uname -r says: 6.1.0-27-amd64."
          type: str
          returned: always
        image:
          description: Path of the kernel in the guest.
          type: str
          returned: always
        initrd:
          description: Path of its initial RAM disk.
          type: str
          returned: always
        modules:
          description: Path of its modules.
          type: str
          returned: always
    units:
      description: What is enabled in systemd. Null where it could not be read; a warning says why.
      type: dict
      returned: always
      contains:
        default_target:
          description: "What is started: graphical.target."
          type: str
          returned: always
        enabled:
          description: Units that the administrator enabled.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Unit.
              type: str
              returned: always
            wanted_by:
              description: Units that pull it in.
              type: list
              elements: str
              returned: always
        masked:
          description: Units that cannot be started.
          type: list
          elements: str
          returned: always
    network:
      description: Network configuration. Null where it could not be read; a warning says why.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: Whose configuration it is.
          type: str
          returned: always
        files:
          description: Files that were read.
          type: list
          elements: str
          returned: always
        renderer:
          description: Who carries netplan's configuration out; null where it is not said.
          type: str
          returned: always
        interfaces:
          description: Interfaces it speaks of.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Name, or a pattern of names.
              type: str
              returned: always
            dhcp:
              description: Addresses come by DHCP.
              type: bool
              returned: always
            addresses:
              description: Addresses as written.
              type: list
              elements: str
              returned: always
    bootloader:
      description: What starts the system. Null where it could not be read; a warning says why.
      type: dict
      returned: always
      contains:
        loaders:
          description: Boot loaders that are there.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Boot loader; uki is a unified kernel image, fallback what firmware starts by itself.
              type: str
              returned: always
            firmware:
              description: Which firmware starts it.
              type: str
              returned: always
            path:
              description: Path in the EFI system partition; null for boot code in the first sector.
              type: str
              returned: always
        config:
          description: The menu's file in the guest.
          type: str
          returned: always
    cloud_init:
      description: cloud-init. Null where it could not be read; a warning says why.
      type: dict
      returned: always
      contains:
        installed:
          description: It is there, as a package or a program.
          type: bool
          returned: always
        enabled:
          description: It starts by itself.
          type: bool
          returned: always
        version:
          description: The package's version.
          type: str
          returned: always
    guest_agent:
      description: QEMU's guest agent. Null where it could not be read; a warning says why.
      type: dict
      returned: always
      contains:
        installed:
          description: It is there, as a package or a program.
          type: bool
          returned: always
        enabled:
          description: It starts by itself.
          type: bool
          returned: always
        version:
          description: The package's version.
          type: str
          returned: always
    flatpaks:
      description: Applications and runtimes that flatpak has installed. Null unless facts names flatpaks, or where
        it could not be read.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: An application, or what applications run in.
          type: str
          returned: always
        name:
          description: "Its ID: org.gnome.Calculator."
          type: str
          returned: always
        arch:
          description: "Architecture: x86_64."
          type: str
          returned: always
        branch:
          description: "Branch: stable, 23.08."
          type: str
          returned: always
        version:
          description: Its makers' own version.
          type: str
          returned: always
        license:
          description: Its licence, as it says.
          type: str
          returned: always
        runtime:
          description: "Of an application what it runs in: org.gnome.Platform/x86_64/46."
          type: str
          returned: always
        origin:
          description: The remote that it came from.
          type: str
          returned: always
        commit:
          description: "What is installed: 64 hexadecimal digits."
          type: str
          returned: always
        size:
          description: Bytes installed, as flatpak says.
          type: int
          returned: always
        user:
          description: Whose installation it is in; null for the system's.
          type: str
          returned: always
    containers:
      description: What runs containers, and what they are made of. Null unless facts names containers, or where it
        could not be read.
      type: dict
      returned: always
      contains:
        engines:
          description: Programs that run containers.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: docker, podman, cri-o, kubelet.
              type: str
              returned: always
            path:
              description: Its program.
              type: str
              returned: always
        images:
          description: Images in the stores of engines.
          type: list
          elements: dict
          returned: always
          contains:
            engine:
              description: Whose store it is in; Podman, Buildah and CRI-O share podman's.
              type: str
              returned: always
            store:
              description: The folder of the store.
              type: str
              returned: always
            namespace:
              description: "containerd's namespace: k8s.io, moby; null elsewhere."
              type: str
              returned: always
            id:
              description: "sha256: and digits: of its configuration, or of its manifest with containerd."
              type: str
              returned: always
            names:
              description: "Names with tags: docker.io/library/nginx:1.27; empty for one without."
              type: list
              elements: str
              returned: always
        containers:
          description: Containers that were made of them.
          type: list
          elements: dict
          returned: always
          contains:
            engine:
              description: Whose store it is in; Podman, Buildah and CRI-O share podman's.
              type: str
              returned: always
            store:
              description: The folder of the store.
              type: str
              returned: always
            namespace:
              description: "containerd's namespace: k8s.io, moby; null elsewhere."
              type: str
              returned: always
            id:
              description: Its id.
              type: str
              returned: always
            name:
              description: Its name; null where it has none.
              type: str
              returned: always
            image:
              description: Its image, by name or id.
              type: str
              returned: always
            restart:
              description: "When it is started again: always, unless-stopped; null where that is not told."
              type: str
              returned: always
        declared:
          description: Files that ask for containers.
          type: list
          elements: dict
          returned: always
          contains:
            kind:
              description: What kind of file it is.
              type: str
              returned: always
            path:
              description: The file.
              type: str
              returned: always
            images:
              description: Images that it names.
              type: list
              elements: str
              returned: always
    history:
      description: Who was there and when the system ran. Null unless facts names history, or where it could not be read.
      type: dict
      returned: always
      contains:
        logs:
          description: "Files that tell of logins: wtmp, btmp, wtmpdb."
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file.
              type: str
              returned: always
            records:
              description: How many records it has; of those, the last 100 of a kind are told below.
              type: int
              returned: always
        boots:
          description: Starts of the system, newest first.
          type: list
          elements: dict
          returned: always
          contains:
            at:
              description: When it was started (RFC 3339, UTC); null where that is not told.
              type: str
              returned: always
            kernel:
              description: The kernel that ran, where that was noted.
              type: str
              returned: always
            until:
              description: When it was shut down (RFC 3339, UTC); null where that is not told.
              type: str
              returned: always
            ended:
              description: "shutdown; crash: the next start came without one; unknown: nothing is told after it."
              type: str
              returned: always
        logins:
          description: Sessions, newest first, as last prints them.
          type: list
          elements: dict
          returned: always
          contains:
            user:
              description: Login name.
              type: str
              returned: always
            line:
              description: "Where: pts/0, tty1."
              type: str
              returned: always
            host:
              description: Where from; null for one at the machine itself.
              type: str
              returned: always
            at:
              description: When it began (RFC 3339, UTC); null where that is not told.
              type: str
              returned: always
            until:
              description: When it ended, or the system with it (RFC 3339, UTC); null where that is not told.
              type: str
              returned: always
            ended:
              description: "How: logout, shutdown, crash; unknown where no end is told."
              type: str
              returned: always
        failed_logins:
          description: Logins that were refused, newest first, as lastb prints them.
          type: list
          elements: dict
          returned: always
          contains:
            user:
              description: "Login name; null for a name that no user has: it may be a password typed too soon."
              type: str
              returned: always
            line:
              description: "Where: ssh:notty, tty1."
              type: str
              returned: always
            host:
              description: Where from.
              type: str
              returned: always
            at:
              description: When (RFC 3339, UTC); null where that is not told.
              type: str
              returned: always
        last_logins:
          description: When each user was there last, by lastlog and lastlog2.
          type: list
          elements: dict
          returned: always
          contains:
            user:
              description: Login name.
              type: str
              returned: always
            at:
              description: When (RFC 3339, UTC).
              type: str
              returned: always
            line:
              description: "Where: pts/0."
              type: str
              returned: always
            host:
              description: Where from.
              type: str
              returned: always
            file:
              description: The file that tells.
              type: str
              returned: always
        shell_histories:
          description: "Files that keep what users typed: where they are, never what is in them."
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file.
              type: str
              returned: always
            user:
              description: Whose home it is in.
              type: str
              returned: always
            lines:
              description: Its lines; null for more than 4 MiB.
              type: int
              returned: always
        first_signs:
          description: Traces of how and when the system came to be.
          type: list
          elements: dict
          returned: always
          contains:
            kind:
              description: What left it.
              type: str
              returned: always
            path:
              description: The file or folder.
              type: str
              returned: always
            changed_at:
              description: When it was changed last (RFC 3339, UTC); null where that is not told.
              type: str
              returned: always
        instance_id:
          description: Cloud-init's id of the machine that it set up last.
          type: str
          returned: always
    boot:
      description: How the system starts, by the files of its boot loaders. Null unless facts names boot, or where
        it could not be read.
      type: dict
      returned: always
      contains:
        command_line:
          description: What the kernel is told where nobody chooses; null where no menu says it.
          type: str
          returned: always
        entries:
          description: What the menus offer.
          type: list
          elements: dict
          returned: always
          contains:
            kind:
              description: Whose it is; bls is a file of the Boot Loader Specification, unified a kernel with all that it
                needs.
              type: str
              returned: always
            id:
              description: "By which loaders name it: debian-6.1.conf; null where it has none."
              type: str
              returned: always
            title:
              description: What the menu shows.
              type: str
              returned: always
            version:
              description: Version, where the entry says it.
              type: str
              returned: always
            file:
              description: What says it.
              type: str
              returned: always
            kernel:
              description: As the loader names it, often from its own partition's root on; null where it starts no kernel.
              type: str
              returned: always
            initrds:
              description: Initial RAM disks, likewise.
              type: list
              elements: str
              returned: always
            options:
              description: The kernel's command line, variables put in.
              type: str
              returned: always
            is_default:
              description: It starts where nobody chooses.
              type: bool
              returned: always
        grub:
          description: GRUB; null where none of its menus offers anything.
          type: dict
          returned: always
          contains:
            config:
              description: The file of its menu.
              type: str
              returned: always
            environment:
              description: What its environment block (grubenv) holds.
              type: list
              elements: dict
              returned: always
              contains:
                name:
                  description: Name.
                  type: str
                  returned: always
                value:
                  description: Value.
                  type: str
                  returned: always
            default:
              description: "The default entry as the menu sets it: 0, 1>2, a title or an id."
              type: str
              returned: always
        systemd_boot:
          description: Settings of systemd-boot; null without loader.conf.
          type: dict
          returned: always
          contains:
            config:
              description: The file.
              type: str
              returned: always
            default:
              description: A pattern of the default entry's id.
              type: str
              returned: always
            timeout:
              description: Seconds of the menu, or menu-force, menu-hidden.
              type: str
              returned: always
            editor:
              description: The command line may be changed in the menu.
              type: bool
              returned: always
        initramfs:
          description: Initial RAM disks that entries name or that lie beside kernels.
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file; a unified kernel for the one in it.
              type: str
              returned: always
            size:
              description: Bytes.
              type: int
              returned: always
            contents:
              description: What is in it; null where it was not read, and a warning says why.
              type: dict
              returned: always
              contains:
                archives:
                  description: Its archives, as the kernel unpacks them one after another.
                  type: list
                  elements: dict
                  returned: always
                  contains:
                    offset:
                      description: Bytes from the file's start.
                      type: int
                      returned: always
                    packing:
                      description: Null where it is not packed, as microcode is.
                      type: str
                      returned: always
                    names:
                      description: Names in it, folders among them.
                      type: int
                      returned: always
                    size:
                      description: Bytes, unpacked.
                      type: int
                      returned: always
                kernels:
                  description: Versions of kernels whose modules it has.
                  type: list
                  elements: str
                  returned: always
                modules:
                  description: "Modules by the names that the kernel gives them: virtio_blk."
                  type: list
                  elements: str
                  returned: always
                features:
                  description: "What else is in it: lvm, cryptsetup, mdadm, microcode-intel, dracut, initramfs-tools."
                  type: list
                  elements: str
                  returned: always
                key_files:
                  description: Files in it that may be keys of disks.
                  type: list
                  elements: str
                  returned: always
        unified:
          description: Unified kernel images of EFI/Linux.
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file.
              type: str
              returned: always
            title:
              description: Of the os-release in it.
              type: str
              returned: always
            version:
              description: "The kernel's: as uname -r says."
              type: str
              returned: always
            command_line:
              description: The command line in it; null without one.
              type: str
              returned: always
            arch:
              description: Architecture by libguestfs's names.
              type: str
              returned: always
            signed:
              description: It bears a signature of Secure Boot; whose is not looked at.
              type: bool
              returned: always
            sections:
              description: Its sections.
              type: list
              elements: dict
              returned: always
              contains:
                name:
                  description: "Name: .linux, .initrd, .osrel."
                  type: str
                  returned: always
                size:
                  description: Bytes.
                  type: int
                  returned: always
    access:
      description: Who gets in, and who may do what another one may. Null unless facts names access, or where it
        could not be read.
      type: dict
      returned: always
      contains:
        passwords:
          description: State and ages of each account's password.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Account.
              type: str
              returned: always
            state:
              description: "none: nobody is asked for one; locked: kept behind a !; never: nothing that is typed fits."
              type: str
              returned: always
            algorithm:
              description: "yescrypt, sha512, md5: what its hash was made by. The hash is never told."
              type: str
              returned: always
            changed:
              description: "Day of its last change: 2026-11-30."
              type: str
              returned: always
            must_change:
              description: It has to be changed at the next login.
              type: bool
              returned: always
            min_days:
              description: Days before it may be changed again.
              type: int
              returned: always
            max_days:
              description: Days after which it has to be changed.
              type: int
              returned: always
            warn_days:
              description: Days of warning before that.
              type: int
              returned: always
            inactive_days:
              description: Days that it is taken for after that.
              type: int
              returned: always
            expires:
              description: Day from which nobody gets in.
              type: str
              returned: always
        sudo:
          description: What sudoers says; null where there is none.
          type: dict
          returned: always
          contains:
            rules:
              description: Who may run what.
              type: list
              elements: dict
              returned: always
              contains:
                file:
                  description: The file that says it.
                  type: str
                  returned: always
                users:
                  description: "Who: names, %group, #uid, +netgroup, aliases; ! before what is taken out."
                  type: list
                  elements: str
                  returned: always
                hosts:
                  description: On which hosts.
                  type: list
                  elements: str
                  returned: always
                as_users:
                  description: As whom; root where both this and as_groups are empty.
                  type: list
                  elements: str
                  returned: always
                as_groups:
                  description: As which groups.
                  type: list
                  elements: str
                  returned: always
                commands:
                  description: What, with arguments.
                  type: list
                  elements: str
                  returned: always
                nopasswd:
                  description: No password is asked for.
                  type: bool
                  returned: always
            aliases:
              description: Names that rules use.
              type: list
              elements: dict
              returned: always
              contains:
                file:
                  description: The file that says it.
                  type: str
                  returned: always
                kind:
                  description: What it stands for.
                  type: str
                  returned: always
                name:
                  description: "Its name: ADMINS."
                  type: str
                  returned: always
                members:
                  description: What it stands for.
                  type: list
                  elements: str
                  returned: always
            defaults:
              description: Settings.
              type: list
              elements: dict
              returned: always
              contains:
                file:
                  description: The file that says it.
                  type: str
                  returned: always
                setting:
                  description: "As written: env_reset, :web !authenticate."
                  type: str
                  returned: always
        doas:
          description: What doas.conf says.
          type: list
          elements: dict
          returned: always
          contains:
            file:
              description: The file that says it.
              type: str
              returned: always
            action:
              description: Whether it is let through.
              type: str
              returned: always
            options:
              description: nopass, persist, keepenv, setenv; values of variables are left out.
              type: list
              elements: str
              returned: always
            identity:
              description: "Who: a user, or :group."
              type: str
              returned: always
            as_user:
              description: As whom; null for anybody.
              type: str
              returned: always
            command:
              description: What, with its arguments; null for any.
              type: str
              returned: always
        authorized_keys:
          description: Keys that let somebody in by SSH. The keys themselves are not told.
          type: list
          elements: dict
          returned: always
          contains:
            user:
              description: Whom it lets in.
              type: str
              returned: always
            file:
              description: The file that says it.
              type: str
              returned: always
            type:
              description: ssh-ed25519, ssh-rsa.
              type: str
              returned: always
            bits:
              description: Its length; null of a type that is not known.
              type: int
              returned: always
            fingerprint:
              description: "As ssh-keygen -l tells it: SHA256:..."
              type: str
              returned: always
            comment:
              description: Its comment.
              type: str
              returned: always
            options:
              description: no-pty, command="...", from="..."; what environment is set to is left out.
              type: list
              elements: str
              returned: always
        host_keys:
          description: Host keys.
          type: list
          elements: dict
          returned: always
          contains:
            file:
              description: The private key.
              type: str
              returned: always
            type:
              description: ssh-ed25519, ssh-rsa.
              type: str
              returned: always
            bits:
              description: Its length; null of a type that is not known.
              type: int
              returned: always
            fingerprint:
              description: "As ssh-keygen -l tells it: SHA256:..."
              type: str
              returned: always
            comment:
              description: Its comment.
              type: str
              returned: always
        sshd:
          description: Settings of the SSH server; null where it has no configuration.
          type: dict
          returned: always
          contains:
            settings:
              description: What counts for everybody; defaults where all releases have the same.
              type: list
              elements: dict
              returned: always
              contains:
                keyword:
                  description: "Setting, in small letters: permitrootlogin."
                  type: str
                  returned: always
                value:
                  description: As sshd -T prints it; a setting of several values has one entry each.
                  type: str
                  returned: always
                file:
                  description: Where it is said; null of a default.
                  type: str
                  returned: always
            matches:
              description: Match blocks.
              type: list
              elements: dict
              returned: always
              contains:
                file:
                  description: The file that says it.
                  type: str
                  returned: always
                criteria:
                  description: "For whom: user git, address 10.0.0.0/8."
                  type: str
                  returned: always
                settings:
                  description: What is otherwise for them.
                  type: list
                  elements: dict
                  returned: always
                  contains:
                    keyword:
                      description: Setting.
                      type: str
                      returned: always
                    value:
                      description: As written.
                      type: str
                      returned: always
    languages:
      description: "Packages of languages: Python, npm, RubyGems, Go, Rust, Maven. Null unless facts names
        languages, or where it could not be read."
      type: list
      elements: dict
      returned: always
      contains:
        ecosystem:
          description: "Its kind, as package URLs name it: cargo, gem, golang, maven, npm or pypi."
          type: str
          returned: always
        name:
          description: "Name, as its ecosystem spells it: @scope/name, group:artifact, github.com/a/b."
          type: str
          returned: always
        version:
          description: Version; null where none is told.
          type: str
          returned: always
        path:
          description: "What tells of it: metadata, or the program that it is part of."
          type: str
          returned: always
        purl:
          description: "Package URL: pkg:npm/%40scope/name@1.0.0; null where none would find it."
          type: str
          returned: always
    schedule:
      description: What runs by the clock. Null unless facts names schedule, or where it could not be read.
      type: dict
      returned: always
      contains:
        cron:
          description: Jobs of cron.
          type: list
          elements: dict
          returned: always
          contains:
            file:
              description: The crontab, or the script of /etc/cron.daily and its like.
              type: str
              returned: always
            schedule:
              description: "When: 17 * * * *, @reboot, @daily."
              type: str
              returned: always
            user:
              description: Whom it runs as; null where that is not said.
              type: str
              returned: always
            command:
              description: What is run, without the passwords and tokens that show in it.
              type: str
              returned: always
        timers:
          description: Timers of systemd.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: "The timer: apt-daily.timer."
              type: str
              returned: always
            unit:
              description: What it starts.
              type: str
              returned: always
            triggers:
              description: "When: OnCalendar=daily, OnBootSec=15min."
              type: list
              elements: str
              returned: always
            enabled:
              description: It starts with the system.
              type: bool
              returned: always
    security:
      description: What confines programs, what keeps packets out, and what lies about that lets somebody in. Null
        unless facts names security, or where it could not be read.
      type: dict
      returned: always
      contains:
        selinux:
          description: SELinux; null where nothing is set.
          type: dict
          returned: always
          contains:
            mode:
              description: enforcing, permissive or disabled, by /etc/selinux/config.
              type: str
              returned: always
            type:
              description: "Kind of policy: targeted, default, mls."
              type: str
              returned: always
            policy:
              description: The compiled policy of that kind, the newest; null where none is installed.
              type: str
              returned: always
            relabel:
              description: The next boot labels every file anew (/.autorelabel).
              type: bool
              returned: always
        apparmor:
          description: Profiles of AppArmor; null without /etc/apparmor.d.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: "Its name: /usr/sbin/cupsd; one within another stands behind that and //."
              type: str
              returned: always
            file:
              description: The file of /etc/apparmor.d that says it.
              type: str
              returned: always
            mode:
              description: What becomes of what it does not allow; disabled where a link says so.
              type: str
              returned: always
        firewall:
          description: What keeps packets out.
          type: dict
          returned: always
          contains:
            files:
              description: Files of rules of nftables and iptables.
              type: list
              elements: dict
              returned: always
              contains:
                path:
                  description: The file.
                  type: str
                  returned: always
                kind:
                  description: Whose rules.
                  type: str
                  returned: always
                enabled:
                  description: A unit that loads it starts with the system; null where that is not known.
                  type: bool
                  returned: always
                rules:
                  description: Rules in all chains.
                  type: int
                  returned: always
                input:
                  description: "What becomes of what no rule of input names: accept, drop; null where none looks at what comes
                    in."
                  type: str
                  returned: always
            firewalld:
              description: Settings of firewalld; null where there are none.
              type: dict
              returned: always
              contains:
                enabled:
                  description: Its unit starts with the system; null where that is not known.
                  type: bool
                  returned: always
                default_zone:
                  description: The zone of interfaces that no other names.
                  type: str
                  returned: always
                zones:
                  description: Zones that the administrator has written, and the default one.
                  type: list
                  elements: dict
                  returned: always
                  contains:
                    name:
                      description: Its name.
                      type: str
                      returned: always
                    file:
                      description: The file that says it.
                      type: str
                      returned: always
                    target:
                      description: "What becomes of what it does not name: default, ACCEPT, DROP, %%REJECT%%."
                      type: str
                      returned: always
                    interfaces:
                      description: Interfaces in it.
                      type: list
                      elements: str
                      returned: always
                    sources:
                      description: Addresses in it.
                      type: list
                      elements: str
                      returned: always
                    services:
                      description: Services that it lets in.
                      type: list
                      elements: str
                      returned: always
                    ports:
                      description: "Ports that it lets in: 8080/tcp."
                      type: list
                      elements: str
                      returned: always
            ufw:
              description: Settings of ufw; null where there are none.
              type: dict
              returned: always
              contains:
                enabled:
                  description: By its own setting, without which its unit does nothing.
                  type: bool
                  returned: always
                input:
                  description: "What becomes of what no rule names: drop, reject, accept."
                  type: str
                  returned: always
        certificates:
          description: Certificates in the usual places, without a distribution's own roots.
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file; a chain's certificates have the same one.
              type: str
              returned: always
            subject:
              description: "Whose it is, as RFC 4514 writes a name: CN=web,O=Example,C=DE."
              type: str
              returned: always
            issuer:
              description: Who signed it.
              type: str
              returned: always
            serial:
              description: Its number in hexadecimal digits.
              type: str
              returned: always
            not_before:
              description: From when on it is good (RFC 3339, UTC).
              type: str
              returned: always
            not_after:
              description: Until when it is good (RFC 3339, UTC).
              type: str
              returned: always
            hosts:
              description: DNS names and addresses that it is good for.
              type: list
              elements: str
              returned: always
            is_ca:
              description: It may sign others.
              type: bool
              returned: always
            self_signed:
              description: It names itself as its issuer, and no other key.
              type: bool
              returned: always
            key_type:
              description: rsa, ec, ed25519, dsa; an object identifier of what is none of those.
              type: str
              returned: always
            key_bits:
              description: Bits of the modulus or the curve; null where that is not known.
              type: int
              returned: always
            sha256:
              description: SHA-256 of the whole, in hexadecimal digits.
              type: str
              returned: always
        bundles:
          description: "Files of more than 16 certificates, which are not told one by one: trust stores."
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file.
              type: str
              returned: always
            certificates:
              description: How many are in it.
              type: int
              returned: always
        private_keys:
          description: Private keys in the usual places; nothing of what is in them.
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file.
              type: str
              returned: always
            kind:
              description: How it is written.
              type: str
              returned: always
            encrypted:
              description: A passphrase keeps it; null where that does not show.
              type: bool
              returned: always
            mode:
              description: "Its permissions in octal digits: 0600."
              type: str
              returned: always
            uid:
              description: Number of its owner.
              type: int
              returned: always
        credentials:
          description: Files in which programs keep credentials; never what they are.
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: The file.
              type: str
              returned: always
            kind:
              description: "Whose it is: aws, docker, kubeconfig, netrc."
              type: str
              returned: always
            filled:
              description: There are credentials in it.
              type: bool
              returned: always
            mode:
              description: "Its permissions in octal digits: 0600."
              type: str
              returned: always
            uid:
              description: Number of its owner.
              type: int
              returned: always
    storage:
      description: What the system's own files say of mounts, swap, encrypted devices and arrays. Null unless facts
        names storage, or where it could not be read.
      type: dict
      returned: always
      contains:
        fstab:
          description: Lines of fstab, whatever is here of what they name.
          type: list
          elements: dict
          returned: always
          contains:
            device:
              description: "As it is written: UUID=..., /dev/sda1, tmpfs, server:/export; (secret) for a password in it."
              type: str
              returned: always
            target:
              description: Where it goes; none for swap.
              type: str
              returned: always
            type:
              description: File system, or swap.
              type: str
              returned: always
            options:
              description: Options; (secret) for passwords in them.
              type: list
              elements: str
              returned: always
            mounted:
              description: What it names is in this image, and was mounted for this report.
              type: bool
              returned: always
        crypttab:
          description: "Lines of crypttab: what is opened when the system starts."
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Its name below /dev/mapper.
              type: str
              returned: always
            device:
              description: "What is opened: UUID=..., /dev/sda3."
              type: str
              returned: always
            key_file:
              description: Path of its key, never the key; null where a passphrase is asked for, or a program gives it.
              type: str
              returned: always
            key_in_image:
              description: The key lies in the image.
              type: bool
              returned: always
            options:
              description: Options.
              type: list
              elements: str
              returned: always
        swap:
          description: Swap by fstab and units, in compressed memory, and on devices that nothing names.
          type: list
          elements: dict
          returned: always
          contains:
            device:
              description: "As its file names it: UUID=..., /swapfile, /dev/zram0."
              type: str
              returned: always
            kind:
              description: partition, file or zram (compressed memory).
              type: str
              returned: always
            configured_in:
              description: "What names it: /etc/fstab, a unit; null for swap space that nothing names."
              type: str
              returned: always
            found:
              description: The device of this image that it is; null for none.
              type: str
              returned: always
            size:
              description: Bytes, as the swap space says; null where it is not in the image.
              type: int
              returned: always
            size_rule:
              description: "How its size is reckoned when the system starts: min(ram / 2, 4096); null otherwise."
              type: str
              returned: always
            priority:
              description: Its priority; null where none is said.
              type: int
              returned: always
        arrays:
          description: Arrays that mdadm.conf names.
          type: list
          elements: dict
          returned: always
          contains:
            device:
              description: "What the array is to be called: /dev/md0."
              type: str
              returned: always
            uuid:
              description: "Its id: 32 hexadecimal digits."
              type: str
              returned: always
    services:
      description: What starts with the system, and what could. Null unless facts names services, or where it could
        not be read.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: "Unit or script: ssh.service, getty@tty1.service, sshd."
          type: str
          returned: always
        kind:
          description: Whose it is.
          type: str
          returned: always
        state:
          description: As systemctl is-enabled says it; scripts are enabled or disabled.
          type: str
          returned: always
        preset:
          description: What presets say; null where there is nothing to enable.
          type: str
          returned: always
        wanted_by:
          description: "What pulls it in: multi-user.target, a runlevel."
          type: list
          elements: str
          returned: always
        file:
          description: Its file, before links are followed.
          type: str
          returned: always
warnings:
  description: What was odd while reading.
  type: list
  elements: str
  returned: always
failed_checks:
  description: Rules of checks that do not hold; null where none were given.
  type: list
  elements: dict
  returned: always
  contains:
    check:
      description: Name of the rule.
      type: str
      returned: always
    severity:
      description: How bad it is where the rule does not hold.
      type: str
      returned: always
    title:
      description: What the rule asks for.
      type: str
      returned: always
    system:
      description: Which of the image's systems it is about, from 0.
      type: int
      returned: always
    reasons:
      description: What was found instead.
      type: list
      elements: str
      returned: always
    state:
      description: It does not hold, or that cannot be told.
      type: str
      returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="inspection",
    renamed={
        "disk": "disk_image",
    },
    keyed={
        "checks": {
            "fields": {
                "rules": {
                    "key": "name",
                    "fields": {},
                },
            },
        },
    },
)

ARGUMENT_SPEC = {
    "disk": {
        "type": "path",
        "required": True,
        "aliases": ["disk_image"],
    },
    "image_format": {
        "type": "str",
        "choices": ["qcow2", "raw", "vmdk", "vhd", "vhdx", "vdi", "qed", "parallels", "qcow", "luks", "split", "ova"],
    },
    "with": {
        "type": "list",
        "elements": "path",
    },
    "partition": {
        "type": "int",
    },
    "filesystem": {
        "type": "str",
    },
    "snapshot": {
        "type": "str",
    },
    "facts": {
        "type": "list",
        "elements": "str",
        "choices": [
            "access",
            "boot",
            "containers",
            "flatpaks",
            "history",
            "languages",
            "schedule",
            "security",
            "services",
            "storage",
            "all",
        ],
    },
    "checks": {
        "type": "dict",
        "options": {
            "profiles": {
                "type": "list",
                "elements": "str",
                "default": [],
                "choices": ["golden-image", "hardened"],
            },
            "rules": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "name": {
                        "type": "str",
                        "required": True,
                    },
                    "title": {
                        "type": "str",
                    },
                    "severity": {
                        "type": "str",
                        "default": "medium",
                        "choices": ["info", "low", "medium", "high", "critical"],
                    },
                    "package": {
                        "type": "dict",
                        "options": {
                            "name": {
                                "type": "str",
                                "required": True,
                            },
                            "state": {
                                "type": "str",
                                "default": "present",
                                "choices": ["present", "absent", "optional"],
                            },
                            "version": {
                                "type": "str",
                            },
                        },
                    },
                    "file": {
                        "type": "dict",
                        "options": {
                            "path": {
                                "type": "str",
                                "required": True,
                            },
                            "state": {
                                "type": "str",
                                "default": "present",
                                "choices": ["present", "absent", "optional"],
                            },
                            "type": {
                                "type": "str",
                                "choices": ["file", "directory", "symlink"],
                            },
                            "owner": {
                                "type": "str",
                            },
                            "group": {
                                "type": "str",
                            },
                            "mode": {
                                "type": "str",
                            },
                            "mode_at_most": {
                                "type": "str",
                            },
                            "sha256": {
                                "type": "str",
                            },
                            "contains": {
                                "type": "str",
                            },
                            "lacks": {
                                "type": "str",
                            },
                            "matches": {
                                "type": "str",
                            },
                            "matches_not": {
                                "type": "str",
                            },
                        },
                        "mutually_exclusive": [
                            ["mode", "mode_at_most"],
                        ],
                    },
                    "service": {
                        "type": "dict",
                        "options": {
                            "name": {
                                "type": "str",
                                "required": True,
                            },
                            "state": {
                                "type": "str",
                                "required": True,
                                "choices": ["enabled", "disabled", "masked"],
                            },
                        },
                    },
                    "user": {
                        "type": "dict",
                        "options": {
                            "name": {
                                "type": "str",
                                "required": True,
                            },
                            "state": {
                                "type": "str",
                                "default": "present",
                                "choices": ["present", "absent", "optional"],
                            },
                            "uid": {
                                "type": "int",
                            },
                            "shell": {
                                "type": "str",
                            },
                            "locked": {
                                "type": "bool",
                            },
                            "groups": {
                                "type": "list",
                                "elements": "str",
                            },
                        },
                    },
                    "sshd": {
                        "type": "dict",
                        "options": {
                            "setting": {
                                "type": "str",
                                "required": True,
                            },
                            "allowed": {
                                "type": "list",
                                "elements": "str",
                                "required": True,
                            },
                        },
                    },
                    "certificates": {
                        "type": "dict",
                        "options": {
                            "path": {
                                "type": "str",
                            },
                            "days": {
                                "type": "int",
                                "default": 30,
                            },
                        },
                    },
                    "leftovers": {
                        "type": "dict",
                        "options": {
                            "kinds": {
                                "type": "list",
                                "elements": "str",
                                "required": True,
                                "choices": [
                                    "host_keys",
                                    "private_keys",
                                    "authorized_keys",
                                    "tokens",
                                    "history",
                                    "machine_id",
                                    "random_seed",
                                    "logs",
                                    "leases",
                                    "cloud_init",
                                    "caches",
                                    "temporary",
                                ],
                            },
                            "allowed": {
                                "type": "list",
                                "elements": "str",
                                "default": [],
                            },
                        },
                    },
                },
                "mutually_exclusive": [
                    ["package", "file"],
                    ["package", "service"],
                    ["package", "user"],
                    ["package", "sshd"],
                    ["package", "certificates"],
                    ["package", "leftovers"],
                    ["file", "package"],
                    ["file", "service"],
                    ["file", "user"],
                    ["file", "sshd"],
                    ["file", "certificates"],
                    ["file", "leftovers"],
                    ["service", "package"],
                    ["service", "file"],
                    ["service", "user"],
                    ["service", "sshd"],
                    ["service", "certificates"],
                    ["service", "leftovers"],
                    ["user", "package"],
                    ["user", "file"],
                    ["user", "service"],
                    ["user", "sshd"],
                    ["user", "certificates"],
                    ["user", "leftovers"],
                    ["sshd", "package"],
                    ["sshd", "file"],
                    ["sshd", "service"],
                    ["sshd", "user"],
                    ["sshd", "certificates"],
                    ["sshd", "leftovers"],
                    ["certificates", "package"],
                    ["certificates", "file"],
                    ["certificates", "service"],
                    ["certificates", "user"],
                    ["certificates", "sshd"],
                    ["certificates", "leftovers"],
                    ["leftovers", "package"],
                    ["leftovers", "file"],
                    ["leftovers", "service"],
                    ["leftovers", "user"],
                    ["leftovers", "sshd"],
                    ["leftovers", "certificates"],
                ],
            },
            "waivers": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "check": {
                        "type": "str",
                        "required": True,
                    },
                    "reason": {
                        "type": "str",
                        "required": True,
                    },
                    "until": {
                        "type": "str",
                        "required": True,
                    },
                },
            },
            "file": {
                "type": "path",
            },
            "on_failure": {
                "type": "str",
                "default": "keep",
                "choices": ["fail", "keep"],
            },
        },
    },
    "keys": {
        "type": "dict",
        "no_log": True,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
