#!/usr/bin/env bash
# 64 stages (63 layers and the readout) on 32 silos in one process, TCP between them, beside the plain loop: both must end in one hash.
#   bench/many-stages.sh [FF [SILOS [LAYERS]]]
set -Eeuo pipefail
ff=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../ff}")
silos=${2:-32}
layers=${3:-63}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mnist=$("$ff" data get mnist 2>/dev/null | sed 's/^mnist is in //')
spec=(supervised-quick --data "$mnist" --epochs 1 --precision fp32 --set batchSize=1000 --set "layers=$(printf '16,%.0s' $(seq $((layers - 1))))16" --json)
result() { python3 -c 'import json,sys; run = json.load(sys.stdin); print(run["stateHash"], run["slots"], round(run["seconds"], 1), len({place["silo"] for place in run["plan"]}))'; }
read -r reference slots seconds _ < <("$ff" train "${spec[@]}" --reference --out reference 2>reference.err | result)
echo "plain loop: $slots slots of $layers layers in $seconds s, $reference"
read -r hash slots seconds used < <("$ff" train "${spec[@]}" --silos "$silos" --out grains 2>grains.err | result)
echo "$silos silos: $slots slots in $seconds s, layers on $used of them, $hash"
[[ $hash == "$reference" ]] || { echo "the hashes differ" && exit 1; }
