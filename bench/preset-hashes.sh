#!/usr/bin/env bash
# One line for each preset and precision: the state hash after an epoch of 1,000 images by the sequential reference. Two builds whose lines
# are the same on one machine compute the same bits; another machine may have other kernels and other lines.
#   bench/preset-hashes.sh [FF] > hashes.txt
set -euo pipefail
ff=${1:-$(dirname "${BASH_SOURCE[0]}")/../ff}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for preset in $("$ff" presets --json | grep -oE '"name":"[^"]+"' | cut -d'"' -f4); do
  for precision in fp32 bf16; do
    case $preset/$precision in bp-*/bf16) continue ;; esac
    "$ff" train "$preset" --reference --epochs 1 --precision $precision --set trainImages=1000 --set testImages=200 --out "$work/$preset-$precision" --json 2>/dev/null |
      sed -E "s/.*\"stateHash\":\"([0-9a-f]+)\".*\"fingerprint\":\"?([^\",]+).*/$preset $precision \1/"
  done
done
