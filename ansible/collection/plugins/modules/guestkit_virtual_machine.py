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
module: guestkit_virtual_machine
short_description: A QEMU virtual machine, without root and without a daemon
version_added: 0.2.0
description:
  - Makes, starts and keeps a machine on QEMU alone. The plan reads the image that is to boot and refuses what
    cannot come up; the apply ends when the machine is truthfully ready. What can be changed in place is; what
    needs a restart is announced. The machine outlives the program that started it, and is seen again by what
    QEMU itself says.
  - Runs the C(guestkit) command on the managed host.
author:
  - the guestkit authors (@guestkit)
attributes:
  action_group:
    support: full
    membership:
      - guestkit.guestkit.all
      - guestkit.guestkit.resources
    description:
      - C(module_defaults) may set what a whole group of modules has.
  check_mode:
    support: full
    description:
      - Says what would change, and changes nothing.
  diff_mode:
    support: full
    description:
      - Shows what changes, field by field.
requirements:
  - guestkit on the managed host (the role guestkit.guestkit.guestkit installs it)
options:
  name:
    description:
      - "Name, unique among this user's machines: letters, digits, - and _. It is the guest's host name, with
        - for _, unless cloud_init says otherwise."
    type: str
    required: true
  running:
    description:
      - Whether it is to run.
    type: bool
    default: true
  cpus:
    description:
      - Virtual processors.
    type: int
    default: 1
  memory:
    description:
      - Memory of the guest.
    type: str
    default: 1G
  balloon:
    description:
      - Memory that the guest is to keep, at most memory; the rest goes back to the host.
    type: str
  machine:
    description:
      - Machine type; its version is that of the QEMU which made it, and is kept.
    type: str
    default: q35
    choices:
      - q35
      - pc
  cpu_model:
    description:
      - Processor as QEMU names it; max is all that the host or TCG has.
    type: str
    default: max
  firmware:
    description:
      - Firmware; what the image can boot by where left out. UEFI keeps its variables in a file of the
        machine's own.
    type: str
    choices:
      - bios
      - uefi
  secure_boot:
    description:
      - UEFI that starts signed loaders alone.
    type: bool
    default: false
  kernel:
    description:
      - Kernel on the host that is started directly.
    type: path
  initrd:
    description:
      - Initial RAM disk on the host for kernel.
    type: path
  cmdline:
    description:
      - Command line of kernel.
    type: str
  tpm:
    description:
      - A TPM 2.0 by swtpm, whose state is kept with the machine.
    type: bool
    default: false
  disks:
    description:
      - Disks of the machine, by name.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - Its name, unique in the list.
        type: str
        required: true
      image:
        description:
          - "The image: a path on the host, or the id of a disk_image. It is never removed with the machine."
        type: path
        required: true
      format:
        description:
          - "Format of the image. Left out: what is recorded of it, else what it looks like at its first use,
            which that use fixes."
        type: str
        choices:
          - qcow2
          - raw
      allow_backing_files:
        description:
          - Let the image lean on files outside its own folder that no record of guestkit's names. Only for
            images that you know.
        type: bool
        default: false
      overlay:
        description:
          - The machine writes into a thin copy of its own, kept and removed with it; the image stays as it is.
        type: bool
        default: false
      size:
        description:
          - Virtual size of the overlay, grown in place; its image's where left out. Only with overlay.
        type: str
      bus:
        description:
          - "How the guest sees it: virtio-blk, virtio-scsi, AHCI, IDE (machine pc), NVMe or USB storage."
        type: str
        default: virtio
        choices:
          - virtio
          - scsi
          - sata
          - ide
          - nvme
          - usb
      sector_size:
        description:
          - "Bytes of a sector as the guest sees the disk, 512 or 4096: partition tables count in it. 4096
            with the buses virtio, scsi and nvme alone."
        type: int
        default: 512
      read_only:
        description:
          - The guest may not write to it.
        type: bool
        default: false
      discard:
        description:
          - Whether discarded blocks are given back to the host.
        type: str
        default: unmap
        choices:
          - unmap
          - ignore
      cache:
        description:
          - QEMU's cache mode.
        type: str
        default: writeback
        choices:
          - writeback
          - none
          - writethrough
          - directsync
          - unsafe
      boot_order:
        description:
          - "Place in the firmware's order. Where no disk has one: the disk named root, then the others by
            their names."
        type: int
      serial:
        description:
          - Serial number in the guest; the disk's name where left out.
        type: str
  template_vm:
    description:
      - Another machine whose written disks this one starts from, by their names; it must not run meanwhile.
        Disks declared beside them are the machine's own data.
    type: str
  base:
    description:
      - An image (path, or id of a disk_image) that the disk named root starts from. It stays as it is.
    type: path
  backing_file:
    description:
      - Whether disks of template_vm or base are thin overlays; false copies them whole.
    type: bool
    default: true
  recreate_overlay:
    description:
      - "always: the machine's own copies of disks are thrown away and made anew at every start; never: they
        are kept. Left out: always with template_vm or base, never otherwise."
    type: str
    choices:
      - always
      - never
  snapshot_mode:
    description:
      - Whatever the guest writes to any disk is forgotten when it stops (QEMU's -snapshot).
    type: bool
    default: false
  cdroms:
    description:
      - CD-ROM drives by name.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - Its name, unique in the list.
        type: str
        required: true
      image:
        description:
          - "The medium: an ISO on the host, or the id of a cloud_init_seed; none is an empty drive."
        type: path
      boot_order:
        description:
          - Place in the firmware's order.
        type: int
  networks:
    description:
      - "Network cards by name. Left out: one named default, of kind user, with a forward named ssh to port
        22; an empty map is none."
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Its name, unique in the list.
        type: str
        required: true
      kind:
        description:
          - "user: QEMU's own NAT without privileges; passt: the same by passt; bridge and tap: the host's;
            link: a private cable to one other machine of this user; socket: a multicast group that any
            machine of this host may join; stream: a cable over a socket of your own."
        type: str
        default: user
        choices:
          - user
          - passt
          - bridge
          - tap
          - link
          - socket
          - stream
      model:
        description:
          - Network card that the guest sees.
        type: str
        default: virtio-net-pci
        choices:
          - virtio-net-pci
          - "e1000"
          - e1000e
          - rtl8139
      mac:
        description:
          - Hardware address (52:54:00:12:34:56); made from the machine's and the network's name where left
            out, so that it never changes.
        type: str
      addresses:
        description:
          - Static addresses with prefix length (10.0.0.2/24), given to the guest by cloud-init; DHCP where
            empty. On a link one is chosen for each side where empty.
        type: list
        elements: str
        default: []
      forwards:
        description:
          - Ports of the host that lead into the guest, by name (user and passt).
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description:
              - Its name, unique in the list.
            type: str
            required: true
          guest_port:
            description:
              - Port in the guest.
            type: int
            required: true
          host_port:
            description:
              - Port on the host; 0 picks a free one, which is kept and shown in forwards.
            type: int
            default: 0
          host_address:
            description:
              - Address on the host that is listened on.
            type: str
            default: 127.0.0.1
          protocol:
            description:
              - Transport of the forward.
            type: str
            default: tcp
            choices:
              - tcp
              - udp
      isolated:
        description:
          - The guest reaches neither the host nor the outside; forwards still lead in (user).
        type: bool
        default: false
      bridge:
        description:
          - Name of the host's bridge (bridge), through QEMU's bridge helper.
        type: str
      tap:
        description:
          - Name of a tap device that exists (tap).
        type: str
      peer:
        description:
          - Name of the machine at the other end (link), which names this one in turn; order of starts does
            not matter.
        type: str
      group:
        description:
          - "Multicast address and port (socket): 230.0.0.1:1234; bound to the loopback device."
        type: str
      path:
        description:
          - Unix socket (stream).
        type: path
      listen:
        description:
          - This side waits for the other one to connect (stream).
        type: bool
        default: false
  shares:
    description:
      - Host folders in the guest, by name (the mount tag).
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - Its name, unique in the list.
        type: str
        required: true
      path:
        description:
          - Folder on the host.
        type: path
        required: true
      kind:
        description:
          - "How it is carried: 9p and virtiofs by QEMU's devices; sshfs, nfs and smb by a server on the host
            that this machine alone reaches, through a network of kind user. What host and guest both can
            where left out."
        type: str
        choices:
          - 9p
          - virtiofs
          - sshfs
          - nfs
          - smb
      mount:
        description:
          - Where the guest mounts it (by cloud-init or agent); /mnt/NAME where left out.
        type: str
      read_only:
        description:
          - The guest may not write to it.
        type: bool
        default: false
      options:
        description:
          - "Further mount options in the guest (mount -o): noatime."
        type: list
        elements: str
        default: []
      ownership:
        description:
          - "squash: files are the host user's own; map: the guest's owners are kept beside them (9p:
            mapped-xattr)."
        type: str
        default: squash
        choices:
          - squash
          - map
  graphics:
    description:
      - How the screen can be reached.
    type: dict
    suboptions:
      kind:
        description:
          - How the screen can be reached. A screenshot needs none.
        type: str
        default: none
        choices:
          - none
          - vnc
          - spice
      listen:
        description:
          - Address on the host; a Unix socket in the machine's own folder, for this user alone, where left
            out.
        type: str
      port:
        description:
          - TCP port; with listen alone 5900 or the next free one.
        type: int
      password:
        description:
          - Password of the screen.
        type: str
      password_version:
        description:
          - "Raise it when password changed: the secret itself is stored nowhere and cannot be compared."
        type: int
  ssh:
    description:
      - How guestkit logs in.
    type: dict
    suboptions:
      user:
        description:
          - Who logs in; the first user that cloud_init creates, or the image's own where left out.
        type: str
      port:
        description:
          - Port in the guest.
        type: int
        default: 22
      private_key:
        description:
          - Key file; the machine's own, which cloud_init lets in, where left out. Where the engine works on
            another host, it is read on the machine that asks; host:/PATH is the host's own.
        type: path
      network:
        description:
          - The network to go by; the first with a forward to the port where left out.
        type: str
  cloud_init:
    description:
      - What cloud-init does at the first boot; given to the guest as a NoCloud medium.
    type: dict
    suboptions:
      user_data:
        description:
          - The user-data document as it is (#cloud-config, a script, MIME), instead of the short form.
        type: str
      secret_user_data:
        description:
          - The user-data document where it holds secrets and must be stored nowhere else.
        type: str
      secret_user_data_version:
        description:
          - "Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be
            compared."
        type: int
      meta_data:
        description:
          - The meta-data document as it is (YAML). An instance-id is added where it has none.
        type: str
      network_config:
        description:
          - The network-config document as it is (YAML, version 1 or 2); the image's own default where left
            out.
        type: str
      hostname:
        description:
          - "Host name of the guest: letters, digits, - and dots."
        type: str
      instance_id:
        description:
          - Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what
            is declared, so that a change makes cloud-init run anew at the next boot.
        type: str
      users:
        description:
          - Users to create, by name. The image's default user is made as well only for ssh_authorized_keys.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Its name, unique in the list.
            type: str
            required: true
          ssh_authorized_keys:
            description:
              - Public keys that may log in.
            type: list
            elements: str
            default: []
          groups:
            description:
              - Groups beside the user's own, by name.
            type: list
            elements: str
            default: []
          shell:
            description:
              - Login shell; the distribution's own where left out.
            type: str
          sudo:
            description:
              - May become root without a password.
            type: bool
            default: false
          password_hash:
            description:
              - crypt(3) hash of the password.
            type: str
          password_hash_version:
            description:
              - "Raise it when password_hash changed: the secret itself is stored nowhere and cannot be
                compared."
            type: int
          lock_passwd:
            description:
              - Refuse to log in by password; true where left out and there is no password_hash.
            type: bool
      ssh_authorized_keys:
        description:
          - Public keys that may log in as the image's default user.
        type: list
        elements: str
      packages:
        description:
          - Packages to install at the first boot.
        type: list
        elements: str
      package_update:
        description:
          - Refresh the package lists first.
        type: bool
      write_files:
        description:
          - Files to write at the first boot, in this order, before packages are installed.
        type: list
        elements: dict
        suboptions:
          path:
            description:
              - Absolute path inside the guest.
            type: str
            required: true
          content:
            description:
              - The file's text.
            type: str
          secret_content:
            description:
              - The file's text where it must be stored nowhere else.
            type: str
          secret_content_version:
            description:
              - "Raise it when secret_content changed: the secret itself is stored nowhere and cannot be
                compared."
            type: int
          permissions:
            description:
              - Permission bits in octal.
            type: str
            default: "0644"
          owner:
            description:
              - user:group. A file that is not root's is written after users are made and packages installed.
            type: str
            default: root:root
          append:
            description:
              - Add to a file that is there instead of replacing it.
            type: bool
            default: false
      runcmd:
        description:
          - Shell commands run in this order at the end of the first boot. The first one that fails ends it.
        type: list
        elements: str
      timezone:
        description:
          - "Time zone: Europe/Berlin."
        type: str
      locale:
        description:
          - "Locale: C.UTF-8."
        type: str
  provision:
    description:
      - Scripts run in the guest when it is ready, in order.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - What the step is called in progress and errors.
        type: str
        required: true
      inline:
        description:
          - Lines of a shell script, run with set -e.
        type: list
        elements: str
        default: []
      file:
        description:
          - A script, run in the guest as it is. Where the engine works on another host, it is read on the
            machine that asks; host:/PATH is the host's own.
        type: path
      environment:
        description:
          - Variables of the step's environment.
        type: dict
        default: {}
      secret_environment:
        description:
          - Variables that are secrets; a step that needs them runs in applies alone.
        type: dict
      secret_environment_version:
        description:
          - "Raise it when secret_environment changed: the secret itself is stored nowhere and cannot be
            compared."
        type: int
      via:
        description:
          - How the guest is reached.
        type: str
        default: auto
        choices:
          - auto
          - ssh
          - agent
      user:
        description:
          - As whom it runs; root where left out.
        type: str
      when:
        description:
          - Once, or at every start.
        type: str
        default: create
        choices:
          - create
          - always
      timeout:
        description:
          - Seconds that the step may take.
        type: int
        default: 1800
  provision_always:
    description:
      - Run every provisioning step at every start, whatever its when says.
    type: bool
    default: false
  startup_commands:
    description:
      - Lines of a shell script run as root in the guest at every start, when it is ready and provisioned.
    type: list
    elements: str
    default: []
  shutdown_commands:
    description:
      - Lines of a shell script run as root in the guest before it is asked to shut down; within
        timeouts.stop. What fails is told, and does not keep it from stopping.
    type: list
    elements: str
    default: []
  upgrade_command:
    description:
      - "What vm upgrade runs in the guest as root: apt-get update && apt-get -y dist-upgrade."
    type: str
  wait_for:
    description:
      - When the machine is ready, all of it in order; the most that the image can tell where left out.
    type: list
    elements: dict
    suboptions:
      condition:
        description:
          - "What tells that the machine is ready: its guest agent answers, one can log in, cloud-init is
            done, a port answers, the console shows a text."
        type: str
        required: true
        choices:
          - agent
          - ssh
          - cloud_init
          - port
          - console
          - none
      timeout:
        description:
          - Seconds from the start.
        type: int
        default: 600
      port:
        description:
          - Port in the guest that must answer (port).
        type: int
      text:
        description:
          - Text that the console must show (console).
        type: str
  on_failure:
    description:
      - "A machine that does not become ready: fail makes the apply fail (the machine stays for a look); keep
        makes it a warning."
    type: str
    default: fail
    choices:
      - fail
      - keep
  on_panic:
    description:
      - What happens when the guest's kernel panics.
    type: str
    default: pause
    choices:
      - pause
      - poweroff
      - ignore
  console_log_size:
    description:
      - Longest console log; the next command on the machine cuts what is older.
    type: str
    default: 16M
  labels:
    description:
      - Words of your own, for choosing machines.
    type: dict
    default: {}
  extra_args:
    description:
      - Further arguments of QEMU. Never put a secret here.
    type: list
    elements: str
    default: []
  autostart:
    description:
      - Start it with this user's systemd.
    type: bool
    default: false
  delete_protection:
    description:
      - Refuse to destroy or replace the machine.
    type: bool
    default: false
  preflight:
    description:
      - What the plan does with a fault that it finds in the image.
    type: str
    default: error
    choices:
      - error
      - warn
      - "off"
  preflight_rules:
    description:
      - What the plan does with a fault, rule by rule, by their codes (P_NO_KERNEL).
    type: dict
    default: {}
  timeouts:
    description:
      - Seconds to wait.
    type: dict
    suboptions:
      start:
        description:
          - Seconds until QEMU runs.
        type: int
        default: 60
      stop:
        description:
          - Seconds after asking the guest to shut down (agent or power button).
        type: int
        default: 60
      quit:
        description:
          - Seconds after telling QEMU to quit, before it is killed.
        type: int
        default: 10
  state:
    description:
      - Whether the thing is to be there or to be gone.
    type: str
    choices:
      - present
      - absent
    default: present
  owner:
    description:
      - For whom the task works. What it makes belongs to that owner, and what another one owns is refused.
      - V(ansible) is any playbook, and no other face. A name of its own keeps projects apart, as in
        V(ansible:shop) or V(shop).
      - The owner that a refusal names, as in V(terraform:ID), acts for that one; V(none) on what nobody owns.
    type: str
    default: ansible
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: A Debian machine with cloud-init
  guestkit.guestkit.guestkit_virtual_machine:
    name: web
    cpus: 2
    memory: 2G
    disks:
      - name: root
        image: debian.qcow2
        overlay: true
        size: 20G
    networks:
      - name: lan
        forwards:
          - name: ssh
            guest_port: 22
          - name: http
            guest_port: 80
            host_port: 8080
    cloud_init:
      users:
        - name: admin
          ssh_authorized_keys:
            - ssh-ed25519 AAAA... me@host
          sudo: true
      packages:
        - nginx
- name: A machine that starts anew from another one's disks, and keeps /home
  guestkit.guestkit.guestkit_virtual_machine:
    name: work
    template_vm: debian
    shares:
      - name: home
        path: ./home
        mount: /home
    startup_commands:
      - systemctl start my-app
- name: Two machines on a private link
  guestkit.guestkit.guestkit_virtual_machine:
    name: db
    disks:
      - name: root
        image: debian.qcow2
        overlay: true
    networks:
      - name: uplink
      - name: backend
        kind: link
        peer: web
'''

RETURN = r'''
---
id:
  description: What identifies the thing.
  type: str
  returned: when it is known
action:
  description: What the plan does, one of none, create, update, replace and delete.
  type: str
  returned: always
reasons:
  description: Why, a change an element.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The field that changes.
      type: str
      returned: always
    before:
      description: What it was.
      type: raw
      returned: always
    after:
      description: What it becomes.
      type: raw
      returned: always
    why:
      description: The cause.
      type: str
      returned: always
virtual_machine:
  description: The thing as it is now.
  type: dict
  returned: when it is there
  contains:
    name:
      description: "Name, unique among this user's machines: letters, digits, - and _. It is the guest's host name,
        with - for _, unless cloud_init says otherwise."
      type: str
      returned: always
    running:
      description: Whether it is to run.
      type: bool
      returned: always
    cpus:
      description: Virtual processors.
      type: int
      returned: always
    memory:
      description: Memory of the guest.
      type: str
      returned: always
    balloon:
      description: Memory that the guest is to keep, at most memory; the rest goes back to the host.
      type: str
      returned: always
    machine:
      description: Machine type; its version is that of the QEMU which made it, and is kept.
      type: str
      returned: always
    cpu_model:
      description: Processor as QEMU names it; max is all that the host or TCG has.
      type: str
      returned: always
    firmware:
      description: Firmware; what the image can boot by where left out. UEFI keeps its variables in a file of the
        machine's own.
      type: str
      returned: always
    secure_boot:
      description: UEFI that starts signed loaders alone.
      type: bool
      returned: always
    kernel:
      description: Kernel on the host that is started directly.
      type: str
      returned: always
    initrd:
      description: Initial RAM disk on the host for kernel.
      type: str
      returned: always
    cmdline:
      description: Command line of kernel.
      type: str
      returned: always
    tpm:
      description: A TPM 2.0 by swtpm, whose state is kept with the machine.
      type: bool
      returned: always
    disks:
      description: Disks of the machine, by name.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Its name, unique in the list.
          type: str
          returned: always
        image:
          description: "The image: a path on the host, or the id of a disk_image. It is never removed with the machine."
          type: str
          returned: always
        format:
          description: "Format of the image. Left out: what is recorded of it, else what it looks like at its first use,
            which that use fixes."
          type: str
          returned: always
        allow_backing_files:
          description: Let the image lean on files outside its own folder that no record of guestkit's names. Only for
            images that you know.
          type: bool
          returned: always
        overlay:
          description: The machine writes into a thin copy of its own, kept and removed with it; the image stays as it is.
          type: bool
          returned: always
        size:
          description: Virtual size of the overlay, grown in place; its image's where left out. Only with overlay.
          type: str
          returned: always
        bus:
          description: "How the guest sees it: virtio-blk, virtio-scsi, AHCI, IDE (machine pc), NVMe or USB storage."
          type: str
          returned: always
        sector_size:
          description: "Bytes of a sector as the guest sees the disk, 512 or 4096: partition tables count in it. 4096
            with the buses virtio, scsi and nvme alone."
          type: int
          returned: always
        read_only:
          description: The guest may not write to it.
          type: bool
          returned: always
        discard:
          description: Whether discarded blocks are given back to the host.
          type: str
          returned: always
        cache:
          description: QEMU's cache mode.
          type: str
          returned: always
        boot_order:
          description: "Place in the firmware's order. Where no disk has one: the disk named root, then the others by
            their names."
          type: int
          returned: always
        serial:
          description: Serial number in the guest; the disk's name where left out.
          type: str
          returned: always
    template_vm:
      description: Another machine whose written disks this one starts from, by their names; it must not run
        meanwhile. Disks declared beside them are the machine's own data.
      type: str
      returned: always
    base:
      description: An image (path, or id of a disk_image) that the disk named root starts from. It stays as it is.
      type: str
      returned: always
    backing_file:
      description: Whether disks of template_vm or base are thin overlays; false copies them whole.
      type: bool
      returned: always
    recreate_overlay:
      description: "always: the machine's own copies of disks are thrown away and made anew at every start; never:
        they are kept. Left out: always with template_vm or base, never otherwise."
      type: str
      returned: always
    snapshot_mode:
      description: Whatever the guest writes to any disk is forgotten when it stops (QEMU's -snapshot).
      type: bool
      returned: always
    cdroms:
      description: CD-ROM drives by name.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Its name, unique in the list.
          type: str
          returned: always
        image:
          description: "The medium: an ISO on the host, or the id of a cloud_init_seed; none is an empty drive."
          type: str
          returned: always
        boot_order:
          description: Place in the firmware's order.
          type: int
          returned: always
    networks:
      description: "Network cards by name. Left out: one named default, of kind user, with a forward named ssh to
        port 22; an empty map is none."
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Its name, unique in the list.
          type: str
          returned: always
        kind:
          description: "user: QEMU's own NAT without privileges; passt: the same by passt; bridge and tap: the host's;
            link: a private cable to one other machine of this user; socket: a multicast group that any
            machine of this host may join; stream: a cable over a socket of your own."
          type: str
          returned: always
        model:
          description: Network card that the guest sees.
          type: str
          returned: always
        mac:
          description: Hardware address (52:54:00:12:34:56); made from the machine's and the network's name where left
            out, so that it never changes.
          type: str
          returned: always
        addresses:
          description: Static addresses with prefix length (10.0.0.2/24), given to the guest by cloud-init; DHCP where
            empty. On a link one is chosen for each side where empty.
          type: list
          elements: str
          returned: always
        forwards:
          description: Ports of the host that lead into the guest, by name (user and passt).
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Its name, unique in the list.
              type: str
              returned: always
            guest_port:
              description: Port in the guest.
              type: int
              returned: always
            host_port:
              description: Port on the host; 0 picks a free one, which is kept and shown in forwards.
              type: int
              returned: always
            host_address:
              description: Address on the host that is listened on.
              type: str
              returned: always
            protocol:
              description: Transport of the forward.
              type: str
              returned: always
        isolated:
          description: The guest reaches neither the host nor the outside; forwards still lead in (user).
          type: bool
          returned: always
        bridge:
          description: Name of the host's bridge (bridge), through QEMU's bridge helper.
          type: str
          returned: always
        tap:
          description: Name of a tap device that exists (tap).
          type: str
          returned: always
        peer:
          description: Name of the machine at the other end (link), which names this one in turn; order of starts does
            not matter.
          type: str
          returned: always
        group:
          description: "Multicast address and port (socket): 230.0.0.1:1234; bound to the loopback device."
          type: str
          returned: always
        path:
          description: Unix socket (stream).
          type: str
          returned: always
        listen:
          description: This side waits for the other one to connect (stream).
          type: bool
          returned: always
    shares:
      description: Host folders in the guest, by name (the mount tag).
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Its name, unique in the list.
          type: str
          returned: always
        path:
          description: Folder on the host.
          type: str
          returned: always
        kind:
          description: "How it is carried: 9p and virtiofs by QEMU's devices; sshfs, nfs and smb by a server on the host
            that this machine alone reaches, through a network of kind user. What host and guest both can
            where left out."
          type: str
          returned: always
        mount:
          description: Where the guest mounts it (by cloud-init or agent); /mnt/NAME where left out.
          type: str
          returned: always
        read_only:
          description: The guest may not write to it.
          type: bool
          returned: always
        options:
          description: "Further mount options in the guest (mount -o): noatime."
          type: list
          elements: str
          returned: always
        ownership:
          description: "squash: files are the host user's own; map: the guest's owners are kept beside them (9p:
            mapped-xattr)."
          type: str
          returned: always
    graphics:
      description: How the screen can be reached.
      type: dict
      returned: always
      contains:
        kind:
          description: How the screen can be reached. A screenshot needs none.
          type: str
          returned: always
        listen:
          description: Address on the host; a Unix socket in the machine's own folder, for this user alone, where left
            out.
          type: str
          returned: always
        port:
          description: TCP port; with listen alone 5900 or the next free one.
          type: int
          returned: always
        password:
          description: Password of the screen.
          type: str
          returned: always
        password_version:
          description: "Raise it when password changed: the secret itself is stored nowhere and cannot be compared."
          type: int
          returned: always
    ssh:
      description: How guestkit logs in.
      type: dict
      returned: always
      contains:
        user:
          description: Who logs in; the first user that cloud_init creates, or the image's own where left out.
          type: str
          returned: always
        port:
          description: Port in the guest.
          type: int
          returned: always
        private_key:
          description: Key file; the machine's own, which cloud_init lets in, where left out. Where the engine works on
            another host, it is read on the machine that asks; host:/PATH is the host's own.
          type: str
          returned: always
        network:
          description: The network to go by; the first with a forward to the port where left out.
          type: str
          returned: always
    cloud_init:
      description: What cloud-init does at the first boot; given to the guest as a NoCloud medium.
      type: dict
      returned: always
      contains:
        user_data:
          description: The user-data document as it is (#cloud-config, a script, MIME), instead of the short form.
          type: str
          returned: always
        secret_user_data:
          description: The user-data document where it holds secrets and must be stored nowhere else.
          type: str
          returned: always
        secret_user_data_version:
          description: "Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be
            compared."
          type: int
          returned: always
        meta_data:
          description: The meta-data document as it is (YAML). An instance-id is added where it has none.
          type: str
          returned: always
        network_config:
          description: The network-config document as it is (YAML, version 1 or 2); the image's own default where left
            out.
          type: str
          returned: always
        hostname:
          description: "Host name of the guest: letters, digits, - and dots."
          type: str
          returned: always
        instance_id:
          description: Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what
            is declared, so that a change makes cloud-init run anew at the next boot.
          type: str
          returned: always
        users:
          description: Users to create, by name. The image's default user is made as well only for ssh_authorized_keys.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Its name, unique in the list.
              type: str
              returned: always
            ssh_authorized_keys:
              description: Public keys that may log in.
              type: list
              elements: str
              returned: always
            groups:
              description: Groups beside the user's own, by name.
              type: list
              elements: str
              returned: always
            shell:
              description: Login shell; the distribution's own where left out.
              type: str
              returned: always
            sudo:
              description: May become root without a password.
              type: bool
              returned: always
            password_hash:
              description: crypt(3) hash of the password.
              type: str
              returned: always
            password_hash_version:
              description: "Raise it when password_hash changed: the secret itself is stored nowhere and cannot be
                compared."
              type: int
              returned: always
            lock_passwd:
              description: Refuse to log in by password; true where left out and there is no password_hash.
              type: bool
              returned: always
        ssh_authorized_keys:
          description: Public keys that may log in as the image's default user.
          type: list
          elements: str
          returned: always
        packages:
          description: Packages to install at the first boot.
          type: list
          elements: str
          returned: always
        package_update:
          description: Refresh the package lists first.
          type: bool
          returned: always
        write_files:
          description: Files to write at the first boot, in this order, before packages are installed.
          type: list
          elements: dict
          returned: always
          contains:
            path:
              description: Absolute path inside the guest.
              type: str
              returned: always
            content:
              description: The file's text.
              type: str
              returned: always
            secret_content:
              description: The file's text where it must be stored nowhere else.
              type: str
              returned: always
            secret_content_version:
              description: "Raise it when secret_content changed: the secret itself is stored nowhere and cannot be
                compared."
              type: int
              returned: always
            permissions:
              description: Permission bits in octal.
              type: str
              returned: always
            owner:
              description: user:group. A file that is not root's is written after users are made and packages installed.
              type: str
              returned: always
            append:
              description: Add to a file that is there instead of replacing it.
              type: bool
              returned: always
        runcmd:
          description: Shell commands run in this order at the end of the first boot. The first one that fails ends it.
          type: list
          elements: str
          returned: always
        timezone:
          description: "Time zone: Europe/Berlin."
          type: str
          returned: always
        locale:
          description: "Locale: C.UTF-8."
          type: str
          returned: always
    provision:
      description: Scripts run in the guest when it is ready, in order.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: What the step is called in progress and errors.
          type: str
          returned: always
        inline:
          description: Lines of a shell script, run with set -e.
          type: list
          elements: str
          returned: always
        file:
          description: A script, run in the guest as it is. Where the engine works on another host, it is read on the
            machine that asks; host:/PATH is the host's own.
          type: str
          returned: always
        environment:
          description: Variables of the step's environment.
          type: dict
          returned: always
        secret_environment:
          description: Variables that are secrets; a step that needs them runs in applies alone.
          type: dict
          returned: always
        secret_environment_version:
          description: "Raise it when secret_environment changed: the secret itself is stored nowhere and cannot be
            compared."
          type: int
          returned: always
        via:
          description: How the guest is reached.
          type: str
          returned: always
        user:
          description: As whom it runs; root where left out.
          type: str
          returned: always
        when:
          description: Once, or at every start.
          type: str
          returned: always
        timeout:
          description: Seconds that the step may take.
          type: int
          returned: always
    provision_always:
      description: Run every provisioning step at every start, whatever its when says.
      type: bool
      returned: always
    startup_commands:
      description: Lines of a shell script run as root in the guest at every start, when it is ready and provisioned.
      type: list
      elements: str
      returned: always
    shutdown_commands:
      description: Lines of a shell script run as root in the guest before it is asked to shut down; within
        timeouts.stop. What fails is told, and does not keep it from stopping.
      type: list
      elements: str
      returned: always
    upgrade_command:
      description: "What vm upgrade runs in the guest as root: apt-get update && apt-get -y dist-upgrade."
      type: str
      returned: always
    wait_for:
      description: When the machine is ready, all of it in order; the most that the image can tell where left out.
      type: list
      elements: dict
      returned: always
      contains:
        condition:
          description: "What tells that the machine is ready: its guest agent answers, one can log in, cloud-init is
            done, a port answers, the console shows a text."
          type: str
          returned: always
        timeout:
          description: Seconds from the start.
          type: int
          returned: always
        port:
          description: Port in the guest that must answer (port).
          type: int
          returned: always
        text:
          description: Text that the console must show (console).
          type: str
          returned: always
    on_failure:
      description: "A machine that does not become ready: fail makes the apply fail (the machine stays for a look);
        keep makes it a warning."
      type: str
      returned: always
    on_panic:
      description: What happens when the guest's kernel panics.
      type: str
      returned: always
    console_log_size:
      description: Longest console log; the next command on the machine cuts what is older.
      type: str
      returned: always
    labels:
      description: Words of your own, for choosing machines.
      type: dict
      returned: always
    extra_args:
      description: Further arguments of QEMU. Never put a secret here.
      type: list
      elements: str
      returned: always
    autostart:
      description: Start it with this user's systemd.
      type: bool
      returned: always
    delete_protection:
      description: Refuse to destroy or replace the machine.
      type: bool
      returned: always
    preflight:
      description: What the plan does with a fault that it finds in the image.
      type: str
      returned: always
    preflight_rules:
      description: What the plan does with a fault, rule by rule, by their codes (P_NO_KERNEL).
      type: dict
      returned: always
    timeouts:
      description: Seconds to wait.
      type: dict
      returned: always
      contains:
        start:
          description: Seconds until QEMU runs.
          type: int
          returned: always
        stop:
          description: Seconds after asking the guest to shut down (agent or power button).
          type: int
          returned: always
        quit:
          description: Seconds after telling QEMU to quit, before it is killed.
          type: int
          returned: always
    status:
      description: What QEMU says of it.
      type: str
      returned: always
    pid:
      description: QEMU's process; null where it does not run.
      type: int
      returned: always
    accelerator:
      description: kvm, hvf or tcg.
      type: str
      returned: always
    machine_type:
      description: "Machine type with its version: pc-q35-7.2."
      type: str
      returned: always
    ip_addresses:
      description: Addresses that the guest's agent tells, else those that are declared.
      type: list
      elements: str
      returned: always
    macs:
      description: Hardware addresses by network.
      type: dict
      returned: always
    forwards:
      description: Ports of the host that lead into the guest.
      type: list
      elements: dict
      returned: always
      contains:
        network:
          description: The network's name.
          type: str
          returned: always
        name:
          description: The forward's name.
          type: str
          returned: always
        protocol:
          description: tcp or udp.
          type: str
          returned: always
        host_address:
          description: Address on the host.
          type: str
          returned: always
        host_port:
          description: Port on the host, the picked one where none was declared.
          type: int
          returned: always
        guest_port:
          description: Port in the guest.
          type: int
          returned: always
    ssh_host:
      description: Where SSH is reached, on its host; null where it cannot be.
      type: str
      returned: always
    ssh_port:
      description: Port of it.
      type: int
      returned: always
    ssh_user:
      description: Who logs in.
      type: str
      returned: always
    ssh_key_file:
      description: Private key. Of a machine of another host a copy here.
      type: str
      returned: always
    ssh_known_hosts:
      description: File with the guest's host keys.
      type: str
      returned: always
    ssh_host_keys:
      description: The guest's host keys, as seen at its first start.
      type: list
      elements: str
      returned: always
    ssh_config:
      description: File for ssh -F that leads to a machine of another host, by its name; null on this one.
      type: str
      returned: always
    ssh_command:
      description: A command that logs in.
      type: str
      returned: always
    display:
      description: "Where the screen is reached: vnc://..., spice+unix://..."
      type: str
      returned: always
    template_upgraded:
      description: Whether what its disks start from was changed since its last start; the next start takes it up.
      type: bool
      returned: always
    console_log:
      description: File with everything that the serial console showed.
      type: str
      returned: always
    directory:
      description: Where the machine lives.
      type: str
      returned: always
    drift:
      description: Where the machine departs from its declaration; empty when all is as declared.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The declared field that it concerns.
          type: str
          returned: always
        why:
          description: What was found.
          type: str
          returned: always
        action:
          description: What mends it.
          type: str
          returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="resource",
    name="virtual_machine",
    renamed={},
    keyed={
        "disks": {
            "key": "name",
            "fields": {},
        },
        "cdroms": {
            "key": "name",
            "fields": {},
        },
        "networks": {
            "key": "name",
            "fields": {
                "forwards": {
                    "key": "name",
                    "fields": {},
                },
            },
        },
        "shares": {
            "key": "name",
            "fields": {},
        },
        "cloud_init": {
            "fields": {
                "users": {
                    "key": "name",
                    "fields": {},
                },
            },
        },
    },
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "running": {
        "type": "bool",
        "default": True,
    },
    "cpus": {
        "type": "int",
        "default": 1,
    },
    "memory": {
        "type": "str",
        "default": "1G",
    },
    "balloon": {
        "type": "str",
    },
    "machine": {
        "type": "str",
        "default": "q35",
        "choices": ["q35", "pc"],
    },
    "cpu_model": {
        "type": "str",
        "default": "max",
    },
    "firmware": {
        "type": "str",
        "choices": ["bios", "uefi"],
    },
    "secure_boot": {
        "type": "bool",
        "default": False,
    },
    "kernel": {
        "type": "path",
    },
    "initrd": {
        "type": "path",
    },
    "cmdline": {
        "type": "str",
    },
    "tpm": {
        "type": "bool",
        "default": False,
    },
    "disks": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {
                "type": "str",
                "required": True,
            },
            "image": {
                "type": "path",
                "required": True,
            },
            "format": {
                "type": "str",
                "choices": ["qcow2", "raw"],
            },
            "allow_backing_files": {
                "type": "bool",
                "default": False,
            },
            "overlay": {
                "type": "bool",
                "default": False,
            },
            "size": {
                "type": "str",
            },
            "bus": {
                "type": "str",
                "default": "virtio",
                "choices": ["virtio", "scsi", "sata", "ide", "nvme", "usb"],
            },
            "sector_size": {
                "type": "int",
                "default": 512,
            },
            "read_only": {
                "type": "bool",
                "default": False,
            },
            "discard": {
                "type": "str",
                "default": "unmap",
                "choices": ["unmap", "ignore"],
            },
            "cache": {
                "type": "str",
                "default": "writeback",
                "choices": ["writeback", "none", "writethrough", "directsync", "unsafe"],
            },
            "boot_order": {
                "type": "int",
            },
            "serial": {
                "type": "str",
            },
        },
    },
    "template_vm": {
        "type": "str",
    },
    "base": {
        "type": "path",
    },
    "backing_file": {
        "type": "bool",
        "default": True,
    },
    "recreate_overlay": {
        "type": "str",
        "choices": ["always", "never"],
    },
    "snapshot_mode": {
        "type": "bool",
        "default": False,
    },
    "cdroms": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {
                "type": "str",
                "required": True,
            },
            "image": {
                "type": "path",
            },
            "boot_order": {
                "type": "int",
            },
        },
    },
    "networks": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {
                "type": "str",
                "required": True,
            },
            "kind": {
                "type": "str",
                "default": "user",
                "choices": ["user", "passt", "bridge", "tap", "link", "socket", "stream"],
            },
            "model": {
                "type": "str",
                "default": "virtio-net-pci",
                "choices": ["virtio-net-pci", "e1000", "e1000e", "rtl8139"],
            },
            "mac": {
                "type": "str",
            },
            "addresses": {
                "type": "list",
                "elements": "str",
                "default": [],
            },
            "forwards": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "name": {
                        "type": "str",
                        "required": True,
                    },
                    "guest_port": {
                        "type": "int",
                        "required": True,
                    },
                    "host_port": {
                        "type": "int",
                        "default": 0,
                    },
                    "host_address": {
                        "type": "str",
                        "default": "127.0.0.1",
                    },
                    "protocol": {
                        "type": "str",
                        "default": "tcp",
                        "choices": ["tcp", "udp"],
                    },
                },
            },
            "isolated": {
                "type": "bool",
                "default": False,
            },
            "bridge": {
                "type": "str",
            },
            "tap": {
                "type": "str",
            },
            "peer": {
                "type": "str",
            },
            "group": {
                "type": "str",
            },
            "path": {
                "type": "path",
            },
            "listen": {
                "type": "bool",
                "default": False,
            },
        },
    },
    "shares": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {
                "type": "str",
                "required": True,
            },
            "path": {
                "type": "path",
                "required": True,
            },
            "kind": {
                "type": "str",
                "choices": ["9p", "virtiofs", "sshfs", "nfs", "smb"],
            },
            "mount": {
                "type": "str",
            },
            "read_only": {
                "type": "bool",
                "default": False,
            },
            "options": {
                "type": "list",
                "elements": "str",
                "default": [],
            },
            "ownership": {
                "type": "str",
                "default": "squash",
                "choices": ["squash", "map"],
            },
        },
    },
    "graphics": {
        "type": "dict",
        "options": {
            "kind": {
                "type": "str",
                "default": "none",
                "choices": ["none", "vnc", "spice"],
            },
            "listen": {
                "type": "str",
            },
            "port": {
                "type": "int",
            },
            "password": {
                "type": "str",
                "no_log": True,
            },
            "password_version": {
                "type": "int",
                "no_log": False,
            },
        },
    },
    "ssh": {
        "type": "dict",
        "options": {
            "user": {
                "type": "str",
            },
            "port": {
                "type": "int",
                "default": 22,
            },
            "private_key": {
                "type": "path",
                "no_log": False,
            },
            "network": {
                "type": "str",
            },
        },
    },
    "cloud_init": {
        "type": "dict",
        "options": {
            "user_data": {
                "type": "str",
            },
            "secret_user_data": {
                "type": "str",
                "no_log": True,
            },
            "secret_user_data_version": {
                "type": "int",
                "no_log": False,
            },
            "meta_data": {
                "type": "str",
            },
            "network_config": {
                "type": "str",
            },
            "hostname": {
                "type": "str",
            },
            "instance_id": {
                "type": "str",
            },
            "users": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "name": {
                        "type": "str",
                        "required": True,
                    },
                    "ssh_authorized_keys": {
                        "type": "list",
                        "elements": "str",
                        "default": [],
                        "no_log": False,
                    },
                    "groups": {
                        "type": "list",
                        "elements": "str",
                        "default": [],
                    },
                    "shell": {
                        "type": "str",
                    },
                    "sudo": {
                        "type": "bool",
                        "default": False,
                    },
                    "password_hash": {
                        "type": "str",
                        "no_log": True,
                    },
                    "password_hash_version": {
                        "type": "int",
                        "no_log": False,
                    },
                    "lock_passwd": {
                        "type": "bool",
                        "no_log": False,
                    },
                },
            },
            "ssh_authorized_keys": {
                "type": "list",
                "elements": "str",
                "no_log": False,
            },
            "packages": {
                "type": "list",
                "elements": "str",
            },
            "package_update": {
                "type": "bool",
            },
            "write_files": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "path": {
                        "type": "str",
                        "required": True,
                    },
                    "content": {
                        "type": "str",
                    },
                    "secret_content": {
                        "type": "str",
                        "no_log": True,
                    },
                    "secret_content_version": {
                        "type": "int",
                        "no_log": False,
                    },
                    "permissions": {
                        "type": "str",
                        "default": "0644",
                    },
                    "owner": {
                        "type": "str",
                        "default": "root:root",
                    },
                    "append": {
                        "type": "bool",
                        "default": False,
                    },
                },
                "mutually_exclusive": [
                    ["content", "secret_content"],
                ],
            },
            "runcmd": {
                "type": "list",
                "elements": "str",
            },
            "timezone": {
                "type": "str",
            },
            "locale": {
                "type": "str",
            },
        },
        "mutually_exclusive": [
            ["user_data", "secret_user_data"],
            ["user_data", "users"],
            ["user_data", "ssh_authorized_keys"],
            ["user_data", "packages"],
            ["user_data", "package_update"],
            ["user_data", "write_files"],
            ["user_data", "runcmd"],
            ["user_data", "timezone"],
            ["user_data", "locale"],
            ["secret_user_data", "users"],
            ["secret_user_data", "ssh_authorized_keys"],
            ["secret_user_data", "packages"],
            ["secret_user_data", "package_update"],
            ["secret_user_data", "write_files"],
            ["secret_user_data", "runcmd"],
            ["secret_user_data", "timezone"],
            ["secret_user_data", "locale"],
            ["meta_data", "hostname"],
            ["meta_data", "instance_id"],
        ],
    },
    "provision": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {
                "type": "str",
                "required": True,
            },
            "inline": {
                "type": "list",
                "elements": "str",
                "default": [],
            },
            "file": {
                "type": "path",
            },
            "environment": {
                "type": "dict",
                "default": {},
            },
            "secret_environment": {
                "type": "dict",
                "no_log": True,
            },
            "secret_environment_version": {
                "type": "int",
                "no_log": False,
            },
            "via": {
                "type": "str",
                "default": "auto",
                "choices": ["auto", "ssh", "agent"],
            },
            "user": {
                "type": "str",
            },
            "when": {
                "type": "str",
                "default": "create",
                "choices": ["create", "always"],
            },
            "timeout": {
                "type": "int",
                "default": 1800,
            },
        },
    },
    "provision_always": {
        "type": "bool",
        "default": False,
    },
    "startup_commands": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "shutdown_commands": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "upgrade_command": {
        "type": "str",
    },
    "wait_for": {
        "type": "list",
        "elements": "dict",
        "options": {
            "condition": {
                "type": "str",
                "required": True,
                "choices": ["agent", "ssh", "cloud_init", "port", "console", "none"],
            },
            "timeout": {
                "type": "int",
                "default": 600,
            },
            "port": {
                "type": "int",
            },
            "text": {
                "type": "str",
            },
        },
    },
    "on_failure": {
        "type": "str",
        "default": "fail",
        "choices": ["fail", "keep"],
    },
    "on_panic": {
        "type": "str",
        "default": "pause",
        "choices": ["pause", "poweroff", "ignore"],
    },
    "console_log_size": {
        "type": "str",
        "default": "16M",
    },
    "labels": {
        "type": "dict",
        "default": {},
    },
    "extra_args": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "autostart": {
        "type": "bool",
        "default": False,
    },
    "delete_protection": {
        "type": "bool",
        "default": False,
    },
    "preflight": {
        "type": "str",
        "default": "error",
        "choices": ["error", "warn", "off"],
    },
    "preflight_rules": {
        "type": "dict",
        "default": {},
    },
    "timeouts": {
        "type": "dict",
        "options": {
            "start": {
                "type": "int",
                "default": 60,
            },
            "stop": {
                "type": "int",
                "default": 60,
            },
            "quit": {
                "type": "int",
                "default": 10,
            },
        },
    },
    "state": {
        "type": "str",
        "choices": ["present", "absent"],
        "default": "present",
    },
    "owner": {
        "type": "str",
        "default": "ansible",
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
