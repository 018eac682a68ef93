#!/bin/sh
# Runs at every new commit: it must not mind that it ran before.
set -e
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -y -q nginx-light curl
