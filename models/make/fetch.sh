#!/usr/bin/env bash
# Gets what sources.txt names into DIR (argument 1), checks it and unpacks it. Debian 12, Python 3.11.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/get" && cd "$1/get"
while read -r kind name hash; do
    case $kind in
    pip) python3 -m pip download -q --no-deps -d . "$name" ;;
    deb) apt-get download -qq "$name" ;;
    *) continue ;;
    esac
    file=$(sha256sum ./* | grep "^$hash" | sed 's/^[^ ]* *//' | head -n 1)
    [ -n "$file" ] || { echo "$name has another hash than sources.txt says" >&2; exit 1; }
    folder=../$kind/${name%%=*}
    mkdir -p "$folder"
    if [ "$kind" = pip ]; then python3 -m zipfile -e "$file" "$folder"; else dpkg-deb -x "$file" "$folder"; fi
done < "$here/sources.txt"
python3 -m pip install -q --target "$1/python" numpy==2.4.6 scipy==1.17.1 onnxruntime==1.32.0 \
    tokenizers==0.23.3 wordfreq==3.1.1
