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
module: guestkit_vm_pdf_cleaner
short_description: Make a PDF harmless in a disposable machine
version_added: 0.2.0
description:
  - "The pages are drawn in a machine that is made for it, has no network device and is thrown away. Pixels
    are all that comes back: a new PDF is made of them, with no text, fonts, scripts or attachments. The
    original stays as it is."
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
      - A machine that does not run, or an image, with poppler-utils in it.
    type: str
    required: true
  path:
    description:
      - The PDF on the host.
    type: path
    required: true
  dpi:
    description:
      - Pixels an inch of a page.
    type: int
    default: 150
  grey:
    description:
      - "Without colours: the new file is smaller."
    type: bool
    default: false
  max_pages:
    description:
      - A file with more pages is refused.
    type: int
    default: 200
  output:
    description:
      - Where the clean file goes; NAME.cleaned.pdf beside it where left out.
    type: path
  overwrite:
    description:
      - Replace a file that is there; never the original.
    type: bool
    default: false
  max_size:
    description:
      - Bytes that the original may have.
    type: str
    default: 256M
  timeout:
    description:
      - Seconds that all pages may take.
    type: int
    default: 3600
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: An invoice by mail
  guestkit.guestkit.guestkit_vm_pdf_cleaner:
    base: pdf-cleaner
    path: invoice.pdf
- name: For print, elsewhere
  guestkit.guestkit.guestkit_vm_pdf_cleaner:
    base: pdf-cleaner
    path: invoice.pdf
    dpi: 300
    output: clean/invoice.pdf
'''

RETURN = r'''
---
written_to:
  description: The clean file.
  type: str
  returned: always
pages:
  description: How many pages it has.
  type: int
  returned: always
size:
  description: Its bytes.
  type: int
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_pdf_cleaner",
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
    "dpi": {
        "type": "int",
        "default": 150,
    },
    "grey": {
        "type": "bool",
        "default": False,
    },
    "max_pages": {
        "type": "int",
        "default": 200,
    },
    "output": {
        "type": "path",
    },
    "overwrite": {
        "type": "bool",
        "default": False,
    },
    "max_size": {
        "type": "str",
        "default": "256M",
    },
    "timeout": {
        "type": "int",
        "default": 3600,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
