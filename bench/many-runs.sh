#!/usr/bin/env bash
# Many runs on one cluster of three silos: how long `ff runs` takes with 500 runs that are over and 20 that train, and what a run and a
# stage take of a silo's memory. Fails where a listing lacks a run. Needs redis-server; takes some minutes.
#   bench/many-runs.sh [FF [OVER [TRAINING]]]
set -Eeuo pipefail
ff=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../ff}")
over=${2:-500}
training=${3:-20}
work=$(mktemp -d)
export XDG_STATE_HOME=$work/state
cluster_id=many-runs-$$
trap '"$ff" cluster down --purge --yes >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
trap 'echo "failed at line $LINENO"; tail -n 5 "$work"/*.err' ERR
cd "$work"

python3 - few <<'PYTHON' # learnable pictures of 8 x 8, four classes
import os, random, struct, sys
folder = sys.argv[1]
os.makedirs(folder)
for part, count, seed in (("train", 200, 1), ("t10k", 50, 2)):
    noise = random.Random(seed)
    labels = bytes(i % 4 for i in range(count))
    pictures = bytearray()
    for label in labels:
        picture = bytearray(noise.randrange(60) for _ in range(64))
        for k in range(8):
            picture[4 + label * 12 + k] = 200 + noise.randrange(50)
        pictures += picture
    open(f"{folder}/{part}-images-idx3-ubyte", "wb").write(struct.pack(">IIII", 0x803, count, 8, 8) + pictures)
    open(f"{folder}/{part}-labels-idx1-ubyte", "wb").write(struct.pack(">II", 0x801, count) + labels)
PYTHON

"$ff" cluster up --silos 3 --cluster-id "$cluster_id" >up.out 2>up.err
status=$("$ff" cluster status --json)
field() { python3 -c "import json,sys; print($1)" <<<"$status"; }
gateway=$(field 'json.load(sys.stdin)["silos"][0]["gateway"]')
mapfile -t pids < <(field '"\n".join(str(silo["pid"]) for silo in json.load(sys.stdin)["silos"])')
at=(--cluster "$gateway" --cluster-id "$cluster_id")
small=(--data few --set batchSize=20 --set precision=fp32)

# Kilobytes that all three silos have, with what is garbage among it.
memory() {
  local sum=0 pid
  for pid in "${pids[@]}"; do sum=$((sum + $(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"))); done
  echo "$sum"
}
seconds() { # of a command, the fastest of three with its own start
  local best=999999 began took i
  for i in 1 2 3; do
    began=$(date +%s%N)
    "$@" >listed.out 2>listed.err
    took=$((($(date +%s%N) - began) / 1000000))
    best=$((took < best ? took : best))
  done
  printf '%d.%03d' $((best / 1000)) $((best % 1000))
}
train() { "$ff" train "${small[@]}" "${at[@]}" --detach --json --epochs 100000 --set checkpoint.everySlots=5000 "$@" >train.out 2>train.err; }
few_of() { # PREFIX COUNT LAYERS: lets so many runs train
  local i
  for ((i = 1; i <= $2; i++)); do train --name "$1-$i" --set "layers=$3"; done
}

echo "nothing yet: runs $(seconds "$ff" runs "${at[@]}") s"
"$ff" sweep supervised-quick "${small[@]}" "${at[@]}" --set layers=8,8 --epochs 1 --trials "$over" --random optimizer.learningRate=0.01..0.02 \
  --parallel 8 --name over --json >sweep.out 2>sweep.err
echo "$over over: runs $(seconds "$ff" runs "${at[@]}") s, --limit 0 $(seconds "$ff" runs --limit 0 "${at[@]}") s, --json $(seconds "$ff" runs --json "${at[@]}") s"
listed=$(python3 -c 'import json; print(len(json.load(open("listed.out"))))')
((listed >= over)) || { echo "only $listed of $over are listed" && exit 1; }

m0=$(memory)
few_of shallow $((training / 2)) 8,8
sleep 5
m1=$(memory)
few_of deep $((training / 2)) 8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8
sleep 5
m2=$(memory)
echo "memory of 3 silos: $m0 kB with $over runs over, $m1 kB with $((training / 2)) runs of 2 layers, $m2 kB with as many of 18 layers more"
awk -v a="$m0" -v b="$m1" -v c="$m2" -v n=$((training / 2)) 'BEGIN {
  stage = (c - b - (b - a)) / (16 * n); run = (b - a) / n - 2 * stage
  printf "a stage: %.0f kB, a run beside its stages: %.0f kB\n", stage, run }'
echo "$over over, $training training: runs $(seconds "$ff" runs "${at[@]}") s, --json $(seconds "$ff" runs --json "${at[@]}") s"
echo "nothing but the start of the console: $(seconds "$ff" --version) s"
