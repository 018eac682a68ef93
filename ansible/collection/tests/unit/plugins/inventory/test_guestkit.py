# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

from ansible_collections.guestkit.guestkit.plugins.inventory import guestkit

CONTRACT = {
    "name": "machine",
    "reachable": {"host": "ssh_host", "port": "ssh_port", "user": "ssh_user", "knownHosts": "known_hosts"},
}


def test_variables_are_what_ssh_needs_and_nothing_that_is_not_known():
    state = {"id": "web", "ssh_host": "127.0.0.1", "ssh_port": 2222, "ssh_user": None, "known_hosts": "/a b"}
    given = guestkit.variables(CONTRACT, state)
    assert given["ansible_host"] == "127.0.0.1"
    assert given["ansible_port"] == 2222
    assert "ansible_user" not in given
    assert "-o 'UserKnownHostsFile=/a b'" in given["ansible_ssh_common_args"]
    assert given["guestkit"]["id"] == "web"


def test_labels_and_words_make_groups():
    reachable = {"groups": ["labels", "status", "tags", "none"]}
    state = {"labels": {"role": "web", "tier": "1"}, "status": "running", "tags": ["a", "b"]}
    names = ["label_role_web", "label_tier_1", "status_running", "tags_a", "tags_b"]
    assert guestkit.group_names(reachable, state) == names


def test_an_error_is_told_with_its_help():
    assert guestkit.text_of({"message": "no", "data": {"help": "Mend it."}}) == "no\nMend it."
    assert guestkit.text_of({"message": "no"}) == "no"
