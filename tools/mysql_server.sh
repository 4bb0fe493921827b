#!/bin/bash
# Unpacks a real MySQL into a folder, for the tests: tools/mysql_server.sh FOLDER, then FOLDER/mysqld runs it.
#
# Debian 12 has MariaDB only. Debian's unstable has MySQL, which needs a newer C library than this system has. So its
# packages are fetched with all they depend on and unpacked, but not installed, and run with their own loader.
set -euo pipefail

folder=$(realpath -m "${1:?usage: tools/mysql_server.sh FOLDER}")
if [[ -x $folder/mysqld ]] && "$folder/mysqld" --version >/dev/null 2>&1; then exit 0; fi
architecture=$(dpkg --print-architecture)
# shellcheck disable=SC2016  # apt's names, not the shell's
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -m1 '/debian/\?$') || {
  echo "this machine's apt has no Debian mirror in its sources" >&2
  exit 1
}

rm -rf "$folder"
apt=$folder/apt
mkdir -p "$apt"/{lists/partial,archives/partial} "$folder/root"
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<END
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Architecture "$architecture";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
END
export APT_CONFIG=$apt/apt.conf
ulimit -n 1024  # apt closes as many descriptors as there may be, one by one, each time it starts a program
apt-get -qq update
apt-get -qq -y --no-install-recommends --download-only install mysql-server-core

for package in "$apt"/archives/*.deb; do
  case ${package##*/} in
    perl* | libperl* | dpkg_* | tar_* | debconf_* | coreutils_*) ;;  # for installing, not for running
    *) dpkg-deb --extract "$package" "$folder/root" ;;
  esac
done
rm -rf "$apt"

libraries=$(dirname "$(find "$folder/root" -name 'libc.so.6' | head -1)")
loader=$(find "$folder/root" -name 'ld-linux*.so.*' | head -1)
cat >"$folder/mysqld" <<END
#!/bin/sh
exec "$loader" --library-path "$libraries:$folder/root/usr/lib/mysql/private" "$folder/root/usr/sbin/mysqld" "\$@" \\
  --lc-messages-dir="$folder/root/usr/share/mysql" --plugin-dir="$folder/root/usr/lib/mysql/plugin"
END
chmod +x "$folder/mysqld"
"$folder/mysqld" --version
