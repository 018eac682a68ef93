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
  check_mode:
    support: full
    description:
      - "Reads only: check mode is as a run."
  diff_mode:
    support: none
    description:
      - Shows what changes, field by field.
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
  partition:
    description:
      - Number of the partition to look into; the system's root, or the only file system, where left out.
    type: int
  filesystem:
    description:
      - "The same by device name: /dev/sda1."
    type: str
  snapshot:
    description:
      - An internal snapshot's id or name, instead of the present state.
    type: str
'''

EXAMPLES = r'''
---
- name: What runs in this image?
  guestkit.guestkit.guestkit_inspect:
    disk: ubuntu.qcow2
  register: result
'''

RETURN = r'''
---
format_version:
  description: Version of this shape.
  type: int
  returned: always
os_type:
  description: linux, windows; null where there is no system.
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
hostname:
  description: Host name.
  type: str
  returned: always
arch:
  description: "Architecture of its programs: x86_64."
  type: str
  returned: always
package_format:
  description: deb, rpm, apk.
  type: str
  returned: always
packages:
  description: Installed packages.
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
      description: Distribution's revision.
      type: str
      returned: always
    arch:
      description: Architecture.
      type: str
      returned: always
    status:
      description: installed, or what dpkg says instead.
      type: str
      returned: always
    source:
      description: Source package.
      type: str
      returned: always
    size:
      description: Bytes installed.
      type: int
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
      description: Mount options of fstab.
      type: str
      returned: always
users:
  description: Accounts.
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
filesystems:
  description: Every file system of the image.
  type: list
  elements: dict
  returned: always
  contains:
    device:
      description: "Device as libguestfs names it: /dev/sda1."
      type: str
      returned: always
    type:
      description: File system; null where it is not recognised.
      type: str
      returned: always
    uuid:
      description: UUID.
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
      description: Bytes free for files.
      type: int
      returned: always
operating_systems:
  description: Every system that was found; the first is the one above.
  type: list
  elements: dict
  returned: always
  contains:
    os_type:
      description: linux, windows; null where there is no system.
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
    hostname:
      description: Host name.
      type: str
      returned: always
    arch:
      description: "Architecture of its programs: x86_64."
      type: str
      returned: always
    package_format:
      description: deb, rpm, apk.
      type: str
      returned: always
    packages:
      description: Installed packages.
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
          description: Distribution's revision.
          type: str
          returned: always
        arch:
          description: Architecture.
          type: str
          returned: always
        status:
          description: installed, or what dpkg says instead.
          type: str
          returned: always
        source:
          description: Source package.
          type: str
          returned: always
        size:
          description: Bytes installed.
          type: int
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
          description: Mount options of fstab.
          type: str
          returned: always
    users:
      description: Accounts.
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
warnings:
  description: What was odd while reading.
  type: list
  elements: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="inspection",
    renamed={
        "disk": "disk_image",
    },
    keyed={},
)

ARGUMENT_SPEC = {
    "disk": {
        "type": "path",
        "required": True,
        "aliases": ["disk_image"],
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
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
