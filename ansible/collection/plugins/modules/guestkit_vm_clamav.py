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
module: guestkit_vm_clamav
short_description: Scan files for malware in a disposable machine
version_added: 0.2.0
description:
  - "A file, or all files below a folder, are shared read-only with a machine that is made for it, has no
    network device and is thrown away; ClamAV reads them there, with the signatures of a folder of the host.
    Symbolic links are not followed. Exit code: 0 where all are clean, 1 where malware was found, 2 where none
    was found and something could not be scanned, 125 where guestkit itself failed."
  - Runs the C(guestkit) command on the managed host.
author:
  - the guestkit authors (@guestkit)
attributes:
  action_group:
    support: full
    membership:
      - guestkit.guestkit.all
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
  base:
    description:
      - A machine that does not run, or an image, with clamav and python3 in it.
    type: str
    required: true
  path:
    description:
      - A file or a folder.
    type: path
    required: true
  database:
    description:
      - "Folder of the signatures, as freshclam keeps it: /var/lib/clamav."
    type: path
    required: true
  infected_only:
    description:
      - Leave clean files out of the list.
    type: bool
    default: false
  max_size:
    description:
      - Bytes of a file, and of what is unpacked from it; what is larger is skipped.
    type: str
    default: 256M
  max_files:
    description:
      - A folder with more files is refused.
    type: int
    default: 100000
  file_timeout:
    description:
      - Seconds that one file may take.
    type: int
    default: 120
  timeout:
    description:
      - Seconds that all of it may take.
    type: int
    default: 14400
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: What came from the net
  guestkit.guestkit.guestkit_vm_clamav:
    base: clamav
    path: Downloads
    database: /var/lib/clamav
'''

RETURN = r'''
---
files:
  description: A verdict a file, by name.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
      returned: always
    path_base64:
      description: Its bytes where they are no UTF-8.
      type: str
      returned: always
    verdict:
      description: clean, infected, error or skipped.
      type: str
      returned: always
    signature:
      description: What was found.
      type: str
      returned: always
    message:
      description: Why it was not scanned.
      type: str
      returned: always
infected:
  description: How many are infected.
  type: int
  returned: always
unscanned:
  description: How many files could not be scanned.
  type: int
  returned: always
signatures:
  description: How many signatures were loaded.
  type: int
  returned: always
database_age_days:
  description: Days since the newest signatures were made; ClamAV warns after 7.
  type: int
  returned: always
engine:
  description: ClamAV's version.
  type: str
  returned: always
exit_code:
  description: 0, 1 or 2; see above.
  type: int
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_clamav",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "base": {
        "type": "str",
        "required": True,
    },
    "path": {
        "type": "path",
        "required": True,
    },
    "database": {
        "type": "path",
        "required": True,
    },
    "infected_only": {
        "type": "bool",
        "default": False,
    },
    "max_size": {
        "type": "str",
        "default": "256M",
    },
    "max_files": {
        "type": "int",
        "default": 100000,
    },
    "file_timeout": {
        "type": "int",
        "default": 120,
    },
    "timeout": {
        "type": "int",
        "default": 14400,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
