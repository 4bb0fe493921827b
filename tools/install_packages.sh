#!/bin/bash
# Makes sure that the packages of the given lists are there: install_packages.sh LIST...
# Installs what is missing when run by root; otherwise prints the one command to type.
set -euo pipefail

needed() {
  local list line package command
  for list in "$@"; do
    while IFS= read -r line; do
      package=${line%%#*}
      package=${package//[[:space:]]/}
      [[ -n $package ]] || continue
      if [[ $line =~ command=([A-Za-z0-9_-]+) ]]; then
        command=${BASH_REMATCH[1]}
        command -v "$command" >/dev/null && continue
      fi
      echo "$package"
    done <"$list"
  done
}

mapfile -t wanted < <(needed "$@")
[[ ${#wanted[@]} -gt 0 ]] || exit 0

if ! command -v dpkg-query >/dev/null; then
  echo "This is not Debian. Install the packages that $* list as your system does it, then try again with" >&2
  echo "  SKIP_PACKAGES=1 ./run" >&2
  exit 1
fi

# dpkg-query lists the packages that it knows and complains about the others. All that it does not list as installed
# are missing.
installed=$(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  grep -q "^$package ii" <<<"$installed" || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

install="apt-get install --no-install-recommends -y ${missing[*]}"
if [[ $(id -u) -ne 0 ]]; then
  echo "These packages are missing. Type this, then try again:" >&2
  echo "  sudo apt-get update && sudo $install" >&2
  exit 1
fi

echo "Installing ${#missing[@]} Debian packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install --no-install-recommends -y "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "Some packages could not be installed. Type this to see why:" >&2
  echo "  apt-get update && $install" >&2
  exit 1
fi
