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
module: guestkit_ci_job
short_description: Declare a CI job of this host
version_added: 0.2.0
description:
  - Writes the job's file, which ci_run obeys. A file that somebody wrote by hand is left alone unless told
    otherwise.
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
  job:
    description:
      - The job's name on this host.
    type: str
    required: true
  repository:
    description:
      - URL (https, http, ssh, git, file) without a password, HOST:PATH, or a path of this host.
    type: str
    required: true
  ref:
    description:
      - "Branch or tag: main, v1.2, refs/heads/main, refs/tags/v1.2."
    type: str
    default: main
  signers:
    description:
      - Whose signature a commit or tag must have. Files of this host, never of the repository.
    type: dict
    required: true
    suboptions:
      allowed_signers:
        description:
          - "Keys whose SSH signatures count: ALLOWED SIGNERS of ssh-keygen(1)."
        type: path
      revoked_keys:
        description:
          - "Keys whose SSH signatures no longer count: KRL or public keys."
        type: path
      keyring:
        description:
          - Keys whose OpenPGP signatures count, as gpg --export writes them.
        type: path
      fingerprints:
        description:
          - Those keys of the keyring that count; all where left out.
        type: list
        elements: str
        default: []
  allow_rewind:
    description:
      - Also take a commit that does not descend from the last accepted one.
    type: bool
    default: false
  project:
    description:
      - The project file within the repository.
    type: str
    default: guestkit.yaml
  apply:
    description:
      - Make everything as the project file declares it.
    type: bool
    default: true
  recycle:
    description:
      - "Machines of the project that are made anew when there is a new commit: names, or patterns (*, ?) of
        those that it owns."
    type: list
    elements: str
    default: []
  provision:
    description:
      - "Machines of the project whose steps run again when there is a new commit: likewise."
    type: list
    elements: str
    default: []
  checks:
    description:
      - Commands that tell whether all is well, in order.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - What the report calls it.
        type: str
        required: true
      command:
        description:
          - Program and arguments; no shell.
        type: list
        elements: str
        required: true
      machine:
        description:
          - The machine in which it runs; on this host, in the check-out, where left out.
        type: str
      exit_code:
        description:
          - The exit code that it must have.
        type: int
        default: 0
      timeout:
        description:
          - Seconds that the command may take.
        type: int
        default: 60
  report:
    description:
      - Folder for status.json, index.html and the logs; in guestkit's data folder where left out.
    type: path
  keep:
    description:
      - So many runs stay in the report.
    type: int
    default: 20
  timeouts:
    description:
      - How long the parts of a run may take.
    type: dict
    suboptions:
      fetch:
        description:
          - Seconds for fetching and verifying.
        type: int
        default: 300
      apply:
        description:
          - Seconds for an apply.
        type: int
        default: 7200
      machine:
        description:
          - Seconds for recycling or provisioning one machine.
        type: int
        default: 3600
  overwrite:
    description:
      - Replace a file that was not written by this.
    type: bool
    default: false
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Apply what the main branch of a repository declares, where a known key has signed it
  guestkit.guestkit.guestkit_ci_job:
    job: nightly
    repository: https://git.example.org/hosts.git
    signers:
      allowed_signers: /etc/guestkit/allowed_signers
    checks:
      - name: web answers
        machine: web
        command:
          - curl
          - -fsS
          - http://localhost/
'''

RETURN = r'''
---
file:
  description: The job's file.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="ci_job",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "job": {
        "type": "str",
        "required": True,
    },
    "repository": {
        "type": "str",
        "required": True,
    },
    "ref": {
        "type": "str",
        "default": "main",
    },
    "signers": {
        "type": "dict",
        "required": True,
        "options": {
            "allowed_signers": {
                "type": "path",
            },
            "revoked_keys": {
                "type": "path",
                "no_log": False,
            },
            "keyring": {
                "type": "path",
                "no_log": False,
            },
            "fingerprints": {
                "type": "list",
                "elements": "str",
                "default": [],
            },
        },
    },
    "allow_rewind": {
        "type": "bool",
        "default": False,
    },
    "project": {
        "type": "str",
        "default": "guestkit.yaml",
    },
    "apply": {
        "type": "bool",
        "default": True,
    },
    "recycle": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "provision": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "checks": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {
                "type": "str",
                "required": True,
            },
            "command": {
                "type": "list",
                "elements": "str",
                "required": True,
            },
            "machine": {
                "type": "str",
            },
            "exit_code": {
                "type": "int",
                "default": 0,
            },
            "timeout": {
                "type": "int",
                "default": 60,
            },
        },
    },
    "report": {
        "type": "path",
    },
    "keep": {
        "type": "int",
        "default": 20,
    },
    "timeouts": {
        "type": "dict",
        "options": {
            "fetch": {
                "type": "int",
                "default": 300,
            },
            "apply": {
                "type": "int",
                "default": 7200,
            },
            "machine": {
                "type": "int",
                "default": 3600,
            },
        },
    },
    "overwrite": {
        "type": "bool",
        "default": False,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
