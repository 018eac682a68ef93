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
module: guestkit_disk_image
short_description: "A disk image: blank, copied from a source, layered over another, or built from packages"
version_added: 0.1.0
description:
  - Makes and keeps a disk image without root and without a daemon. What is declared inside it (files,
    packages) is read back from the image itself, so that tampering is seen by the next plan. Growing is in
    place; shrinking is refused; an immutable field that changes replaces the image.
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
  path:
    description:
      - Where the image lies on the host.
    type: path
    required: true
  format:
    description:
      - "Disk format: qcow2 grows as it is written, raw is the bytes themselves."
    type: str
    default: qcow2
    choices:
      - qcow2
      - raw
  size:
    description:
      - Virtual size. Left out, it is what the source, backing file or bootstrap needs.
    type: str
  source:
    description:
      - The image starts as a copy of this.
    type: dict
    suboptions:
      url:
        description:
          - "A path, or a file:, http: or https: address without name and password. Another signature, or with
            the same sha256 another place, is no change. Where the engine works on another host, it is read on
            the machine that asks; host:/PATH is the host's own."
        type: str
        required: true
      sha256:
        description:
          - "SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or
            address of a file of checksums that lists the source by its name (SHA256SUMS), read at create.
            Where the engine works on another host, it is read on the machine that asks; host:/PATH is the
            host's own."
        type: str
      sha512:
        description:
          - "SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS). Where
            the engine works on another host, it is read on the machine that asks; host:/PATH is the host's
            own."
        type: str
      unpacked_sha256:
        description:
          - "SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of
            checksums that lists the source by its name without .gz, .xz, .zst or .bz2. Where the engine works
            on another host, it is read on the machine that asks; host:/PATH is the host's own."
        type: str
      keyring:
        description:
          - Public keys (gpg --export) one of which must have signed the file of checksums, in itself or
            beside it (.gpg, .asc, .sig, .sign). Where the engine works on another host, it is read on the
            machine that asks; host:/PATH is the host's own.
        type: path
      format:
        description:
          - "Format of the source, or of the disk in it where that is an archive. Left out: what is recorded
            of it, else what it looks like at its first use, which that use fixes."
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
          - split
          - ova
      member:
        description:
          - "Name of the member that is the disk, where the source is an archive (OVA, tar). Left out: the
            only disk that its OVF names."
        type: str
      allow_backing_files:
        description:
          - Let the source lean on files outside its own folder that no record of guestkit's names; they
            become part of the image. Only for sources that you know.
        type: bool
        default: false
      headers:
        description:
          - HTTP headers sent with the request.
        type: dict
      headers_version:
        description:
          - "Raise it when headers changed: the secret itself is stored nowhere and cannot be compared."
        type: int
      proxy:
        description:
          - Proxy address without name and password; the environment's (https_proxy) where left out.
        type: str
      proxy_authorization:
        description:
          - "What the proxy is to let us in for: its Proxy-Authorization header (Basic ...)."
        type: str
      proxy_authorization_version:
        description:
          - "Raise it when proxy_authorization changed: the secret itself is stored nowhere and cannot be
            compared."
        type: int
      ca_file:
        description:
          - PEM file of further certificate authorities. Where the engine works on another host, it is read on
            the machine that asks; host:/PATH is the host's own.
        type: path
  backing_file:
    description:
      - The image is a thin overlay over this one (qcow2 only).
    type: path
  backing_format:
    description:
      - "Format of backing_file. Left out: what is recorded of it, else what it looks like at its first use,
        which that use fixes."
    type: str
    choices:
      - qcow2
      - raw
  allow_backing_files:
    description:
      - Let backing_file lean on files outside its own folder that no record of guestkit's names. Only for
        images that you know.
    type: bool
    default: false
  bootstrap:
    description:
      - The image is built from a distribution's packages by an ordinary user.
    type: dict
    suboptions:
      distribution:
        description:
          - The family that is built.
        type: str
        default: debian
        choices:
          - debian
      release:
        description:
          - Release by code name or suite.
        type: str
        default: bookworm
      variant:
        description:
          - How much of the base system is installed (mmdebstrap's variants).
        type: str
        default: minbase
        choices:
          - apt
          - minbase
          - important
          - standard
      packages:
        description:
          - Packages installed beside the variant's. One that is missing from the image later is drift.
        type: list
        elements: str
        default: []
      hostname:
        description:
          - "Host name written to /etc/hostname: letters, digits, - and dots."
        type: str
        default: localhost
      users:
        description:
          - Users to create, by name.
        type: list
        elements: dict
        default: []
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
              - "Login shell: a path in the image."
            type: str
            default: /bin/bash
          sudo:
            description:
              - May become root without a password (installs sudo).
            type: bool
            default: false
          password_hash:
            description:
              - crypt(3) hash of the password; none locks it.
            type: str
          password_hash_version:
            description:
              - "Raise it when password_hash changed: the secret itself is stored nowhere and cannot be
                compared."
            type: int
      kernel:
        description:
          - Kernel package, or "none" for an image that does not boot by itself.
        type: str
        default: linux-image-cloud-amd64
      cmdline:
        description:
          - Kernel command line besides root= and ro.
        type: str
        default: console=tty0 console=ttyS0,115200
      architecture:
        description:
          - Debian architecture.
        type: str
        default: amd64
        choices:
          - amd64
      components:
        description:
          - Archive components.
        type: list
        elements: str
        default:
          - main
      mirror:
        description:
          - "Archive address; the host's own apt sources where left out. No name or password:
            docs/disk-image.md."
        type: str
      keyring:
        description:
          - Keyring that signs the archive; Debian's own where left out. Where the engine works on another
            host, it is read on the machine that asks; host:/PATH is the host's own.
        type: path
      snapshot:
        description:
          - Date of the archive (20261101T000000Z), through a snapshot mirror given as mirror with {snapshot}
            in it.
        type: str
  layout:
    description:
      - Partitions and file systems of a blank image.
    type: dict
    suboptions:
      scheme:
        description:
          - Partition table.
        type: str
        default: gpt
        choices:
          - gpt
          - mbr
      partitions:
        description:
          - Partitions in disk order.
        type: list
        elements: dict
        required: true
        suboptions:
          name:
            description:
              - The partition's name, unique in the layout; written as GPT partition name.
            type: str
            required: true
          size:
            description:
              - Size; the last partition may leave it out and takes the rest of the disk.
            type: str
          type:
            description:
              - "What it is for: sets the GPT type GUID or the MBR type byte."
            type: str
            default: linux
            choices:
              - linux
              - root
              - home
              - esp
              - bios_boot
              - swap
              - xbootldr
              - lvm
              - raid
          filesystem:
            description:
              - File system made in it; none leaves it blank.
            type: str
            choices:
              - ext4
              - vfat
              - swap
              - xfs
              - btrfs
          label:
            description:
              - Label of the file system.
            type: str
          uuid:
            description:
              - UUID of the file system; chosen at create where left out.
            type: str
          content:
            description:
              - What the file system holds from the start (ext4 and vfat).
            type: dict
            suboptions:
              directory:
                description:
                  - A directory copied into the file system. Where the engine works on another host, it is
                    read on the machine that asks; host:/PATH is the host's own.
                type: path
              tar:
                description:
                  - A tar archive unpacked into the file system. Where the engine works on another host, it is
                    read on the machine that asks; host:/PATH is the host's own.
                type: path
  files:
    description:
      - Files to add to the image or to change in it. One that is no longer declared stays.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - Absolute path inside the image.
        type: str
        required: true
      content:
        description:
          - The file's text.
        type: str
      source:
        description:
          - A file whose bytes it gets. Where the engine works on another host, it is read on the machine that
            asks; host:/PATH is the host's own.
        type: path
      secret_content:
        description:
          - The file's text where it must be stored nowhere else.
        type: str
      secret_content_version:
        description:
          - "Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared."
        type: int
      mode:
        description:
          - Permission bits in octal.
        type: str
        default: "0644"
      uid:
        description:
          - Number of the user that owns it.
        type: int
        default: 0
      gid:
        description:
          - Number of its group.
        type: int
        default: 0
  checks:
    description:
      - Rules over what is in the image. What it is made of is judged by the plan where it is there, the image
        after each apply that makes or changes it.
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
          - "A rule that does not hold: fail makes the apply fail (the image stays for a look, and the next
            apply makes it anew); keep makes it a warning."
        type: str
        default: fail
        choices:
          - fail
          - keep
  mode:
    description:
      - Permission bits of the file in octal, for those who share it; by the umask where left out, and 0600
        where the image holds secrets.
    type: str
  overwrite:
    description:
      - Replace a file at path that guestkit did not make.
    type: bool
    default: false
  delete_protection:
    description:
      - Refuse to destroy or replace the image.
    type: bool
    default: false
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
- name: A blank image
  guestkit.guestkit.guestkit_disk_image:
    path: ubuntu.qcow2
    format: qcow2
    size: 20G
- name: A partitioned image
  guestkit.guestkit.guestkit_disk_image:
    path: data.qcow2
    size: 1G
    layout:
      scheme: gpt
      partitions:
        - name: data
          filesystem: ext4
          label: data
- name: Debian, built without root
  guestkit.guestkit.guestkit_disk_image:
    path: debian.qcow2
    size: 4G
    bootstrap:
      release: bookworm
      packages:
        - openssh-server
      hostname: web
    files:
      - path: /etc/motd
        content: |
          Made by guestkit
- name: An image that is copied
  guestkit.guestkit.guestkit_disk_image:
    path: golden.qcow2
    source:
      url: debian.qcow2
    checks:
      profiles:
        - golden-image
      rules:
        - name: no-telnet
          package:
            name: "*telnetd*"
            state: absent
- name: A thin overlay
  guestkit.guestkit.guestkit_disk_image:
    path: web-1.qcow2
    backing_file: debian.qcow2
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
disk_image:
  description: The thing as it is now.
  type: dict
  returned: when it is there
  contains:
    path:
      description: Where the image lies on the host.
      type: str
      returned: always
    format:
      description: "Disk format: qcow2 grows as it is written, raw is the bytes themselves."
      type: str
      returned: always
    size:
      description: Virtual size. Left out, it is what the source, backing file or bootstrap needs.
      type: str
      returned: always
    source:
      description: The image starts as a copy of this.
      type: dict
      returned: always
      contains:
        url:
          description: "A path, or a file:, http: or https: address without name and password. Another signature, or
            with the same sha256 another place, is no change. Where the engine works on another host, it is
            read on the machine that asks; host:/PATH is the host's own."
          type: str
          returned: always
        sha256:
          description: "SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or
            address of a file of checksums that lists the source by its name (SHA256SUMS), read at create.
            Where the engine works on another host, it is read on the machine that asks; host:/PATH is the
            host's own."
          type: str
          returned: always
        sha512:
          description: "SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS).
            Where the engine works on another host, it is read on the machine that asks; host:/PATH is the
            host's own."
          type: str
          returned: always
        unpacked_sha256:
          description: "SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of
            checksums that lists the source by its name without .gz, .xz, .zst or .bz2. Where the engine works
            on another host, it is read on the machine that asks; host:/PATH is the host's own."
          type: str
          returned: always
        keyring:
          description: Public keys (gpg --export) one of which must have signed the file of checksums, in itself or
            beside it (.gpg, .asc, .sig, .sign). Where the engine works on another host, it is read on the
            machine that asks; host:/PATH is the host's own.
          type: str
          returned: always
        format:
          description: "Format of the source, or of the disk in it where that is an archive. Left out: what is recorded
            of it, else what it looks like at its first use, which that use fixes."
          type: str
          returned: always
        member:
          description: "Name of the member that is the disk, where the source is an archive (OVA, tar). Left out: the
            only disk that its OVF names."
          type: str
          returned: always
        allow_backing_files:
          description: Let the source lean on files outside its own folder that no record of guestkit's names; they
            become part of the image. Only for sources that you know.
          type: bool
          returned: always
        headers:
          description: HTTP headers sent with the request.
          type: dict
          returned: always
        headers_version:
          description: "Raise it when headers changed: the secret itself is stored nowhere and cannot be compared."
          type: int
          returned: always
        proxy:
          description: Proxy address without name and password; the environment's (https_proxy) where left out.
          type: str
          returned: always
        proxy_authorization:
          description: "What the proxy is to let us in for: its Proxy-Authorization header (Basic ...)."
          type: str
          returned: always
        proxy_authorization_version:
          description: "Raise it when proxy_authorization changed: the secret itself is stored nowhere and cannot be
            compared."
          type: int
          returned: always
        ca_file:
          description: PEM file of further certificate authorities. Where the engine works on another host, it is read
            on the machine that asks; host:/PATH is the host's own.
          type: str
          returned: always
    backing_file:
      description: The image is a thin overlay over this one (qcow2 only).
      type: str
      returned: always
    backing_format:
      description: "Format of backing_file. Left out: what is recorded of it, else what it looks like at its first
        use, which that use fixes."
      type: str
      returned: always
    allow_backing_files:
      description: Let backing_file lean on files outside its own folder that no record of guestkit's names. Only
        for images that you know.
      type: bool
      returned: always
    bootstrap:
      description: The image is built from a distribution's packages by an ordinary user.
      type: dict
      returned: always
      contains:
        distribution:
          description: The family that is built.
          type: str
          returned: always
        release:
          description: Release by code name or suite.
          type: str
          returned: always
        variant:
          description: How much of the base system is installed (mmdebstrap's variants).
          type: str
          returned: always
        packages:
          description: Packages installed beside the variant's. One that is missing from the image later is drift.
          type: list
          elements: str
          returned: always
        hostname:
          description: "Host name written to /etc/hostname: letters, digits, - and dots."
          type: str
          returned: always
        users:
          description: Users to create, by name.
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
              description: "Login shell: a path in the image."
              type: str
              returned: always
            sudo:
              description: May become root without a password (installs sudo).
              type: bool
              returned: always
            password_hash:
              description: crypt(3) hash of the password; none locks it.
              type: str
              returned: always
            password_hash_version:
              description: "Raise it when password_hash changed: the secret itself is stored nowhere and cannot be
                compared."
              type: int
              returned: always
        kernel:
          description: Kernel package, or "none" for an image that does not boot by itself.
          type: str
          returned: always
        cmdline:
          description: Kernel command line besides root= and ro.
          type: str
          returned: always
        architecture:
          description: Debian architecture.
          type: str
          returned: always
        components:
          description: Archive components.
          type: list
          elements: str
          returned: always
        mirror:
          description: "Archive address; the host's own apt sources where left out. No name or password:
            docs/disk-image.md."
          type: str
          returned: always
        keyring:
          description: Keyring that signs the archive; Debian's own where left out. Where the engine works on another
            host, it is read on the machine that asks; host:/PATH is the host's own.
          type: str
          returned: always
        snapshot:
          description: Date of the archive (20261101T000000Z), through a snapshot mirror given as mirror with {snapshot}
            in it.
          type: str
          returned: always
    layout:
      description: Partitions and file systems of a blank image.
      type: dict
      returned: always
      contains:
        scheme:
          description: Partition table.
          type: str
          returned: always
        partitions:
          description: Partitions in disk order.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: The partition's name, unique in the layout; written as GPT partition name.
              type: str
              returned: always
            size:
              description: Size; the last partition may leave it out and takes the rest of the disk.
              type: str
              returned: always
            type:
              description: "What it is for: sets the GPT type GUID or the MBR type byte."
              type: str
              returned: always
            filesystem:
              description: File system made in it; none leaves it blank.
              type: str
              returned: always
            label:
              description: Label of the file system.
              type: str
              returned: always
            uuid:
              description: UUID of the file system; chosen at create where left out.
              type: str
              returned: always
            content:
              description: What the file system holds from the start (ext4 and vfat).
              type: dict
              returned: always
              contains:
                directory:
                  description: A directory copied into the file system. Where the engine works on another host, it is read on
                    the machine that asks; host:/PATH is the host's own.
                  type: str
                  returned: always
                tar:
                  description: A tar archive unpacked into the file system. Where the engine works on another host, it is read
                    on the machine that asks; host:/PATH is the host's own.
                  type: str
                  returned: always
    files:
      description: Files to add to the image or to change in it. One that is no longer declared stays.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: Absolute path inside the image.
          type: str
          returned: always
        content:
          description: The file's text.
          type: str
          returned: always
        source:
          description: A file whose bytes it gets. Where the engine works on another host, it is read on the machine
            that asks; host:/PATH is the host's own.
          type: str
          returned: always
        secret_content:
          description: The file's text where it must be stored nowhere else.
          type: str
          returned: always
        secret_content_version:
          description: "Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared."
          type: int
          returned: always
        mode:
          description: Permission bits in octal.
          type: str
          returned: always
        uid:
          description: Number of the user that owns it.
          type: int
          returned: always
        gid:
          description: Number of its group.
          type: int
          returned: always
    checks:
      description: Rules over what is in the image. What it is made of is judged by the plan where it is there, the
        image after each apply that makes or changes it.
      type: dict
      returned: always
      contains:
        profiles:
          description: Sets of rules that guestkit brings along; a rule of the same name stands above theirs.
          type: list
          elements: str
          returned: always
        rules:
          description: What has to hold, each rule by a name of its own.
          type: list
          elements: dict
          returned: always
          contains:
            name:
              description: Its name, unique in the list.
              type: str
              returned: always
            title:
              description: What it asks for, in a sentence; told where it is not so.
              type: str
              returned: always
            severity:
              description: How bad it is where it does not hold; info is told and stops nothing.
              type: str
              returned: always
            package:
              description: A package, its presence and version.
              type: dict
              returned: always
              contains:
                name:
                  description: Name of the package; * and ? stand for other characters.
                  type: str
                  returned: always
                state:
                  description: Whether it is to be there; optional says what holds of it where it is.
                  type: str
                  returned: always
                version:
                  description: "Versions that are right, in the order of the system's own package manager: \">= 3.0.15\", \">=
                    1:9.2, < 1:10\". Of several that are installed each has to be right."
                  type: str
                  returned: always
            file:
              description: "A file: whether it is there, whose it is, what is in it."
              type: dict
              returned: always
              contains:
                path:
                  description: Absolute path inside the image; links are followed.
                  type: str
                  returned: always
                state:
                  description: Whether the file is to be there.
                  type: str
                  returned: always
                type:
                  description: What it has to be; a symlink is not followed.
                  type: str
                  returned: always
                owner:
                  description: Name or number of the user who has to own it.
                  type: str
                  returned: always
                group:
                  description: Name or number of its group.
                  type: str
                  returned: always
                mode:
                  description: "Permission bits in octal, all of them: 0644."
                  type: str
                  returned: always
                mode_at_most:
                  description: "Permission bits in octal of which it may have none but these: 0640."
                  type: str
                  returned: always
                sha256:
                  description: "Digest of the whole content: 64 hexadecimal digits."
                  type: str
                  returned: always
                contains:
                  description: Text that has to be in it.
                  type: str
                  returned: always
                lacks:
                  description: Text that must not be in it.
                  type: str
                  returned: always
                matches:
                  description: Regular expression that a line has to match; without back references and looking around.
                  type: str
                  returned: always
                matches_not:
                  description: Regular expression that no line may match.
                  type: str
                  returned: always
            service:
              description: A service, and whether it starts by itself.
              type: dict
              returned: always
              contains:
                name:
                  description: "Name of the service: sshd, fstrim.timer."
                  type: str
                  returned: always
                state:
                  description: What it is to be at the next start; masked is disabled as well.
                  type: str
                  returned: always
            user:
              description: "A user: whether there is one, and how."
              type: dict
              returned: always
              contains:
                name:
                  description: Name of the user.
                  type: str
                  returned: always
                state:
                  description: Whether the user is to be there.
                  type: str
                  returned: always
                uid:
                  description: Number that the user has to have.
                  type: int
                  returned: always
                shell:
                  description: "Shell that the user has to have: /usr/sbin/nologin."
                  type: str
                  returned: always
                locked:
                  description: Whether a password lets nobody in as this user.
                  type: bool
                  returned: always
                groups:
                  description: Names of groups that the user has to be in.
                  type: list
                  elements: str
                  returned: always
            sshd:
              description: A setting of the SSH server.
              type: dict
              returned: always
              contains:
                setting:
                  description: "Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well."
                  type: str
                  returned: always
                allowed:
                  description: Values of which the effective one has to be one, in any case.
                  type: list
                  elements: str
                  returned: always
            certificates:
              description: Certificates in the usual places of servers, and for how long they are good.
              type: dict
              returned: always
              contains:
                path:
                  description: "Path of the certificate inside the image; * and ? stand for other characters. Left out: all that
                    are found."
                  type: str
                  returned: always
                days:
                  description: Days for which each has to be good, from today on.
                  type: int
                  returned: always
            leftovers:
              description: "What must not be left in an image that is copied: keys, tokens, history, logs."
              type: dict
              returned: always
              contains:
                kinds:
                  description: What must not be left of the system that the image came from.
                  type: list
                  elements: str
                  returned: always
                allowed:
                  description: Paths that may be there all the same; * and ? stand for other characters.
                  type: list
                  elements: str
                  returned: always
        waivers:
          description: Rules that need not hold for a while, and why.
          type: list
          elements: dict
          returned: always
          contains:
            check:
              description: Name of the rule that need not hold.
              type: str
              returned: always
            reason:
              description: Why it need not.
              type: str
              returned: always
            until:
              description: "Last day on which the waiver counts, in UTC: 2027-01-31."
              type: str
              returned: always
        file:
          description: File with more rules and waivers, as guestkit check takes it. Where the engine works on another
            host, it is read on the machine that asks; host:/PATH is the host's own.
          type: str
          returned: always
        on_failure:
          description: "A rule that does not hold: fail makes the apply fail (the image stays for a look, and the next
            apply makes it anew); keep makes it a warning."
          type: str
          returned: always
    mode:
      description: Permission bits of the file in octal, for those who share it; by the umask where left out, and
        0600 where the image holds secrets.
      type: str
      returned: always
    overwrite:
      description: Replace a file at path that guestkit did not make.
      type: bool
      returned: always
    delete_protection:
      description: Refuse to destroy or replace the image.
      type: bool
      returned: always
    virtual_size:
      description: Bytes that the guest sees.
      type: int
      returned: always
    actual_size:
      description: Bytes that the image takes on the host.
      type: int
      returned: always
    backing_chain:
      description: Parents, nearest first.
      type: list
      elements: str
      returned: always
    partitions:
      description: Partitions as they really are.
      type: list
      elements: dict
      returned: always
      contains:
        number:
          description: Number as the kernel counts.
          type: int
          returned: always
        name:
          description: GPT partition name.
          type: str
          returned: always
        type:
          description: Type GUID or MBR type.
          type: str
          returned: always
        uuid:
          description: PARTUUID.
          type: str
          returned: always
        start:
          description: First byte.
          type: int
          returned: always
        size:
          description: Bytes.
          type: int
          returned: always
        filesystem:
          description: What it holds.
          type: str
          returned: always
        label:
          description: Label of the file system.
          type: str
          returned: always
        filesystem_uuid:
          description: UUID of the file system.
          type: str
          returned: always
    failed_checks:
      description: Rules of checks that did not hold when the image was made or changed.
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
    drift:
      description: Where the image departs from its declaration; empty when all is as declared.
      type: list
      elements: dict
      returned: always
      contains:
        path:
          description: The declared field that it concerns.
          type: str
          returned: always
        why:
          description: What was found inside the image.
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
    name="disk_image",
    renamed={},
    keyed={
        "bootstrap": {
            "fields": {
                "users": {
                    "key": "name",
                    "fields": {},
                },
            },
        },
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
    "path": {
        "type": "path",
        "required": True,
    },
    "format": {
        "type": "str",
        "default": "qcow2",
        "choices": ["qcow2", "raw"],
    },
    "size": {
        "type": "str",
    },
    "source": {
        "type": "dict",
        "options": {
            "url": {
                "type": "str",
                "required": True,
            },
            "sha256": {
                "type": "str",
            },
            "sha512": {
                "type": "str",
            },
            "unpacked_sha256": {
                "type": "str",
            },
            "keyring": {
                "type": "path",
                "no_log": False,
            },
            "format": {
                "type": "str",
                "choices": ["qcow2", "raw", "vmdk", "vhd", "vhdx", "vdi", "qed", "parallels", "qcow", "split", "ova"],
            },
            "member": {
                "type": "str",
            },
            "allow_backing_files": {
                "type": "bool",
                "default": False,
            },
            "headers": {
                "type": "dict",
                "no_log": True,
            },
            "headers_version": {
                "type": "int",
            },
            "proxy": {
                "type": "str",
            },
            "proxy_authorization": {
                "type": "str",
                "no_log": True,
            },
            "proxy_authorization_version": {
                "type": "int",
            },
            "ca_file": {
                "type": "path",
            },
        },
    },
    "backing_file": {
        "type": "path",
    },
    "backing_format": {
        "type": "str",
        "choices": ["qcow2", "raw"],
    },
    "allow_backing_files": {
        "type": "bool",
        "default": False,
    },
    "bootstrap": {
        "type": "dict",
        "options": {
            "distribution": {
                "type": "str",
                "default": "debian",
                "choices": ["debian"],
            },
            "release": {
                "type": "str",
                "default": "bookworm",
            },
            "variant": {
                "type": "str",
                "default": "minbase",
                "choices": ["apt", "minbase", "important", "standard"],
            },
            "packages": {
                "type": "list",
                "elements": "str",
                "default": [],
            },
            "hostname": {
                "type": "str",
                "default": "localhost",
            },
            "users": {
                "type": "list",
                "elements": "dict",
                "default": [],
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
                        "default": "/bin/bash",
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
                },
            },
            "kernel": {
                "type": "str",
                "default": "linux-image-cloud-amd64",
            },
            "cmdline": {
                "type": "str",
                "default": "console=tty0 console=ttyS0,115200",
            },
            "architecture": {
                "type": "str",
                "default": "amd64",
                "choices": ["amd64"],
            },
            "components": {
                "type": "list",
                "elements": "str",
                "default": ["main"],
            },
            "mirror": {
                "type": "str",
            },
            "keyring": {
                "type": "path",
                "no_log": False,
            },
            "snapshot": {
                "type": "str",
            },
        },
    },
    "layout": {
        "type": "dict",
        "options": {
            "scheme": {
                "type": "str",
                "default": "gpt",
                "choices": ["gpt", "mbr"],
            },
            "partitions": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {
                        "type": "str",
                        "required": True,
                    },
                    "size": {
                        "type": "str",
                    },
                    "type": {
                        "type": "str",
                        "default": "linux",
                        "choices": ["linux", "root", "home", "esp", "bios_boot", "swap", "xbootldr", "lvm", "raid"],
                    },
                    "filesystem": {
                        "type": "str",
                        "choices": ["ext4", "vfat", "swap", "xfs", "btrfs"],
                    },
                    "label": {
                        "type": "str",
                    },
                    "uuid": {
                        "type": "str",
                    },
                    "content": {
                        "type": "dict",
                        "options": {
                            "directory": {
                                "type": "path",
                            },
                            "tar": {
                                "type": "path",
                            },
                        },
                        "mutually_exclusive": [
                            ["directory", "tar"],
                        ],
                    },
                },
            },
        },
    },
    "files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "path": {
                "type": "str",
                "required": True,
            },
            "content": {
                "type": "str",
            },
            "source": {
                "type": "path",
            },
            "secret_content": {
                "type": "str",
                "no_log": True,
            },
            "secret_content_version": {
                "type": "int",
                "no_log": False,
            },
            "mode": {
                "type": "str",
                "default": "0644",
            },
            "uid": {
                "type": "int",
                "default": 0,
            },
            "gid": {
                "type": "int",
                "default": 0,
            },
        },
        "mutually_exclusive": [
            ["content", "source"],
            ["content", "secret_content"],
            ["source", "secret_content"],
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
                "default": "fail",
                "choices": ["fail", "keep"],
            },
        },
    },
    "mode": {
        "type": "str",
    },
    "overwrite": {
        "type": "bool",
        "default": False,
    },
    "delete_protection": {
        "type": "bool",
        "default": False,
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
