#!/usr/bin/env bash
# Puts the training questions of the public sets and of our own to the program, for weigh.py.
#
#   rows.sh PROGRAM DATA OUT [ENCODER]
#
# PROGRAM is a release build, DATA the folder of the public sets, ENCODER a folder with a sentence encoder. Of each
# public set one half of the training questions is put; with `learned` the other half has been learned before.
set -euo pipefail
program=$1 data=$2 out=$3 encoder=${4:-}
here=$(cd "$(dirname "$0")/../.." && pwd)
sets="banking77_oos bitext27 clinc150 hint3_sofmattress"
mkdir -p "$out"
for set in $sets; do
    mkdir -p "$out/sets/$set"
    cp "$data/$set/kb.jsonl" "$out/sets/$set/"
    python3 - "$data/$set/queries.jsonl" "$out/sets/$set/queries.jsonl" <<'PYTHON'
import json, random, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
rows = [row for row in rows if row["split"] == "train"]
random.Random(3).shuffle(rows)
put, learned = rows[0::2][:1500], rows[1::2][:4000]
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for split, part in (("dev", put), ("train", learned)):
        out.writelines(json.dumps(row | {"split": split}) + "\n" for row in part)
PYTHON
done
for part in plain eval; do
    mkdir -p "$out/sets/$part"
done
cat "$here"/tests/eval/plain-*.jsonl >"$out/sets/plain/queries.jsonl"
cat "$here"/tests/eval/{de,en,es,other}.jsonl >"$out/sets/eval/queries.jsonl"
put() {
    name=$1
    shift
    "$program" eval "$@" --samples 0 --json --rows "$out/$name.jsonl" >"$out/$name.json"
}
all() {
    suffix=$1
    shift
    public=$(for set in $sets; do echo "$out/sets/$set"; done)
    # shellcheck disable=SC2086
    put "public$suffix" $public "$@"
    # shellcheck disable=SC2086
    put "learned$suffix" $public --learn-train "$@"
    put "own$suffix" "$out/sets/plain" --split train --kb "$here/knowledge" "$@"
    put "hard$suffix" "$out/sets/eval" --split train --kb "$here/knowledge" "$@"
}
all ""
[ -z "$encoder" ] || all "-encoder" --embedding "$encoder"
