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
module: guestkit_cloud_init_seed
short_description: A medium from which cloud-init reads what a new machine is to be (NoCloud)
version_added: 0.2.0
description:
  - "Writes an ISO 9660 image labelled cidata with user-data, meta-data and network-config, readable by its
    owner alone. The same declaration makes the same bytes on every host, and the file is not touched while
    they are equal. A change of what is declared changes the instance-id, so that cloud-init runs anew at the
    next boot. A virtual_machine makes a seed of its own from cloud_init: this resource is for other
    hypervisors and for seeds that several machines share."
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
      - "Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be compared."
    type: int
  meta_data:
    description:
      - The meta-data document as it is (YAML). An instance-id is added where it has none.
    type: str
  network_config:
    description:
      - The network-config document as it is (YAML, version 1 or 2); the image's own default where left out.
    type: str
  hostname:
    description:
      - "Host name of the guest: letters, digits, - and dots."
    type: str
  instance_id:
    description:
      - Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is
        declared, so that a change makes cloud-init run anew at the next boot.
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
          - "Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared."
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
          - "Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared."
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
  overwrite:
    description:
      - Replace a file at path that guestkit did not make.
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
- name: A user with a key, a package and a command
  guestkit.guestkit.guestkit_cloud_init_seed:
    path: web-seed.iso
    hostname: web
    users:
      - name: me
        ssh_authorized_keys:
          - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@home
        sudo: true
    packages:
      - nginx
    write_files:
      - path: /etc/motd
        content: |
          Made by guestkit
    runcmd:
      - systemctl enable --now nginx
- name: A document as it is
  guestkit.guestkit.guestkit_cloud_init_seed:
    path: raw-seed.iso
    user_data: |
      #cloud-config
      packages: [nginx]
    hostname: web
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
cloud_init_seed:
  description: The thing as it is now.
  type: dict
  returned: when it is there
  contains:
    path:
      description: Where the image lies on the host.
      type: str
      returned: always
    user_data:
      description: The user-data document as it is (#cloud-config, a script, MIME), instead of the short form.
      type: str
      returned: always
    secret_user_data_version:
      description: "Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be compared."
      type: int
      returned: always
    meta_data:
      description: The meta-data document as it is (YAML). An instance-id is added where it has none.
      type: str
      returned: always
    network_config:
      description: The network-config document as it is (YAML, version 1 or 2); the image's own default where left out.
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
          description: "Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared."
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
          description: "Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared."
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
    overwrite:
      description: Replace a file at path that guestkit did not make.
      type: bool
      returned: always
    effective_instance_id:
      description: "The instance-id that the seed carries: the declared one, or the one derived from the declaration."
      type: str
      returned: always
    size:
      description: Bytes of the image.
      type: int
      returned: always
    sha256:
      description: Digest of the image in hex; null where the image holds a secret, of which it would be a digest.
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
          description: What was found in the image.
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
    name="cloud_init_seed",
    renamed={},
    keyed={
        "users": {
            "key": "name",
            "fields": {},
        },
    },
)

ARGUMENT_SPEC = {
    "path": {
        "type": "path",
        "required": True,
    },
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
    "overwrite": {
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
