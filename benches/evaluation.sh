#!/usr/bin/env bash
# Measures search, confidence and bound on the public question sets, and writes docs/evaluation.md.
#
#   benches/evaluation.sh DATA OUT [ENCODER [ENDPOINT.toml]]
#
# DATA is the folder of the sets, OUT keeps one file of JSON lines for each configuration, ENCODER is a folder with a
# sentence encoder for English, ENDPOINT.toml names one for many languages in its [embedding]. On two cores about
# fifteen minutes with an encoder, one without.
set -euo pipefail
cd "$(dirname "$0")/.."
data=$1 out=$2 encoder=${3:-} endpoint=${4:-}
program=target/release/sureply
cargo build --release --quiet
mkdir -p "$out"
intents=$(for set in clinc150 banking77_oos bitext27 hint3_sofmattress; do echo "$data/$set"; done)
faqs=$(for set in stackfaq deepset_faq_en deepset_faq_de letsencrypt_faq logingov_help; do echo "$data/$set"; done)
threads=$data/dstc11_t5
put() {
    name=$1
    shift
    [ -s "$out/$name.json" ] && return
    "$program" "$@" --json >"$out/$name.part" && mv "$out/$name.part" "$out/$name.json"
}
# shellcheck disable=SC2086
{
    put D eval $intents $faqs
    put D+t eval $intents --learn-train
    put threads eval "$threads" --samples 0
    if [ -n "$encoder" ]; then
        put E eval $intents $faqs --embedding "$encoder"
        put E+t eval $intents --learn-train --embedding "$encoder"
    fi
    if [ -n "$endpoint" ]; then
        put M --config "$endpoint" eval $faqs --samples 0
    fi
}
python3 benches/evaluation.py "$out" >docs/evaluation.md
