#!/usr/bin/env bash
# Pods that lose their disks, as processes: three silos with a folder of its own each for checkpoints and data (FF_CHECKPOINTS_SHARED=false).
# In every run one of them, drawn by chance, is killed at a moment drawn by chance, its folder is removed, and it is started anew with an
# empty one. Every run must end in the state hash of the reference. Prints a line for each; fails where one is not as it should be.
#   bench/pods.sh [RUNS [SEED [OPTION of ff train ...]]]      default: 20 1 --epochs 1 --set trainImages=6000 --set testImages=500
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
runs=${1:-20} seed=${2:-1}
options=("${@:3}")
((${#options[@]})) || options=(--epochs 1 --set trainImages=6000 --set testImages=500)
options+=(--set checkpoint.everySlots=20 --json)
RANDOM=$seed
work=$(mktemp -d)
id=pods-$$
port=${PODS_PORT:-21000} # of Redis; the silos' follow
redis=''
silos=('' '' '')
cleanup() {
  trap - EXIT
  for process in "${silos[@]}" $redis ${console:-}; do kill -9 "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
trap 'echo "failed at line $LINENO: $BASH_COMMAND" >&2; tail -n 3 "$work"/*.log "$work"/*.err >&2' ERR

program=${FF_PROGRAM:-$root/src/ForwardForward.Console/bin/Release/net10.0} # another build, if the variable names its folder
[[ ${FF_PROGRAM:-} ]] || "$root/ff" --help >/dev/null # builds what is not built
ff=(dotnet "$program/ff.dll")
mnist=$("${ff[@]}" data get mnist 2>/dev/null | sed 's/^mnist is in //')
server=${FF_REDIS_SERVER:-$(command -v redis-server || command -v valkey-server || true)}
[[ $server ]] || { echo "Neither redis-server nor valkey-server is on the PATH, expected one of them." >&2 && exit 2; }
cd "$work"
mkdir redis disks
"$server" "$root/deploy/redis/redis.conf" --port "$port" --bind 127.0.0.1 --dir "$work/redis" >redis.log 2>&1 &
redis=$!

start() { # silo N with what its disk holds; a data set that is not there is what it would fetch
  local n=$1 disk=$work/disks/$1
  [[ -d $disk ]] || { mkdir "$disk" && cp -r "$mnist" "$disk/mnist"; }
  FF_NAME=silo-$n FF_CLUSTER_ID=$id FF_REDIS=127.0.0.1:$port FF_PORT=$((port + n * 10 + 1)) FF_GATEWAY_PORT=$((port + n * 10 + 2)) \
    FF_HTTP_PORT=$((port + n * 10 + 3)) FF_DATA=$disk FF_CHECKPOINT_FOLDER=$disk/checkpoints FF_CHECKPOINTS_SHARED=false \
    dotnet "$program/ForwardForward.Silo.dll" >>"silo-$n.log" 2>&1 &
  silos[n - 1]=$!
}
whole() {
  local n
  for n in 1 2 3; do
    for ((i = 0; ; i++)); do
      FF_HTTP_PORT=$((port + n * 10 + 3)) "$root/deploy/healthy.sh" 2>/dev/null && break
      kill -0 "${silos[n - 1]}" 2>/dev/null || { echo "silo-$n ended: $(tail -n 1 "silo-$n.log")" >&2 && return 1; }
      ((i < 600)) || { echo "silo-$n is not healthy after two minutes" >&2 && return 1; }
      sleep 0.2
    done
  done
}
field() { grep -oE "\"$2\":(\"[^\"]*\"|[0-9.]+)" "$1" | head -n 1 | cut -d: -f2 | tr -d '"'; }
# A console gives a cluster eight seconds to answer; on a machine that does more than this it may have to ask again.
ask() {
  local into=$1 status tries
  shift
  for ((tries = 0; tries < 40; tries++)); do
    "${ff[@]}" "$@" --cluster "127.0.0.1:$port" --cluster-id "$id" >"$into.json" 2>"$into.err" && return 0 || status=$?
    ((status == 3)) || return $status
  done
  return $status
}
train() { ask "$1" train supervised-quick "${options[@]}" --name "$1" --detach; }
follow() { ask "$1" watch "$1" --json; }
of_run() { curl -s "http://127.0.0.1:$((port + $2 * 10 + 3))/metrics" | grep -F "run=\"$1\"" | grep -oP "^ff_run_slot\{.* \K[0-9.]+" || true; }
slot() { { of_run "$1" 1; of_run "$1" 2; of_run "$1" 3; } | sort -n | tail -n 1; }

"${ff[@]}" train supervised-quick "${options[@]}" --reference --name reference >reference.json 2>reference.err
reference=$(field reference.json stateHash)
for n in 1 2 3; do start $n; done
whole
train undisturbed && follow undisturbed
slots=$(field undisturbed.json slots)
echo "reference $reference; undisturbed on three silos $(field undisturbed.json stateHash), $slots slots in $(field undisturbed.json seconds) s"
[[ $(field undisturbed.json stateHash) = "$reference" ]]

equal=0 losses=0
for ((run = 1; run <= runs; run++)); do
  name=run-$run victim=$((RANDOM % 3 + 1)) moment=$((RANDOM * slots * 9 / 10 / 32768))
  train $name
  follow $name & console=$!
  until at=$(slot $name) && at=${at:-0} && [[ ${at%.*} -ge $moment ]] 2>/dev/null; do
    kill -0 $console 2>/dev/null || break
    sleep 0.05
  done
  files=$(find "disks/$victim/checkpoints" -type f 2>/dev/null | wc -l)
  lost=no
  kill -0 $console 2>/dev/null && lost=yes
  kill -9 "${silos[victim - 1]}" && wait "${silos[victim - 1]}" 2>/dev/null || true
  rm -rf "disks/$victim"
  start $victim
  wait $console || { echo "$name failed: $(tail -n 1 $name.err)" && tail -n 5 silo-*.log && console='' && continue; }
  console=''
  whole
  hash=$(field $name.json stateHash) recoveries=$(field $name.json recoveries)
  [[ $hash = "$reference" ]] && equal=$((equal + 1))
  [[ $lost = yes ]] && losses=$((losses + 1))
  echo "$name: silo-$victim with $files files lost at slot ${at%.*} of $slots (drawn: $moment)$([[ $lost = yes ]] || echo ', after the end'); recoveries $recoveries, redone $(field $name.json redoneSlots), ${hash:0:16}$([[ $hash = "$reference" ]] || echo ' NOT THE REFERENCE')"
done
echo "$equal of $runs hashes equal the reference's; $losses losses while the run trained; seed $seed"
((equal == runs))
