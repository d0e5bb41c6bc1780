#!/bin/sh
# What the rows against other programs need beside the wheels, on Debian: nginx, 7z, curl. Without them those rows are
# skipped by name.
set -eu
apt-get install --yes --no-install-recommends nginx-light p7zip-full curl
