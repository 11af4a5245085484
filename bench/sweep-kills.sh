#!/usr/bin/env bash
# A sweep of 40 trials whose console is killed five times, against one left alone: one at a time, two at a time, with halving, and on a
# cluster that loses a silo too. Prints whether tables, JSON, pages, specs and tests are the same but for times; fails where they are not.
#   bench/sweep-kills.sh [FF [SEED [CASE ...]]]     SEED: of the moments; CASE: one-at-a-time, two-at-a-time, halving, on-a-cluster
set -Eeuo pipefail
ff=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../ff}")
RANDOM=${2:-1}
cases=("${@:3}")
((${#cases[@]})) || cases=(one-at-a-time two-at-a-time halving on-a-cluster)
work=$(mktemp -d)
export XDG_STATE_HOME=$work/state
cluster_id=sweep-kills-$$
console=''
cleanup() {
  [[ -z $console ]] || kill -9 "$console" 2>/dev/null || true
  [[ ! -d $XDG_STATE_HOME ]] || "$ff" cluster down --purge --yes >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'echo "failed at line $LINENO"; tail -n 5 ./*.err' ERR
cd "$work"

# The first images of MNIST as a folder of their own: 40 trials are to take a minute or two.
mnist=$("$ff" data get mnist 2>/dev/null | sed 's/^mnist is in //')
big_endian() { printf "\\$(printf %o $(($1 / 256)))\\$(printf %o $(($1 % 256)))"; }
few() { # what is cut off at the end is cut off first: a pipe that closes early is an error here
  { head -c 6 "$mnist/$1-images-idx3-ubyte" && big_endian "$2" && head -c $((16 + $2 * 784)) "$mnist/$1-images-idx3-ubyte" | tail -c +9; } >"few/$1-images-idx3-ubyte"
  { head -c 6 "$mnist/$1-labels-idx1-ubyte" && big_endian "$2" && head -c $((8 + $2)) "$mnist/$1-labels-idx1-ubyte" | tail -c +9; } >"few/$1-labels-idx1-ubyte"
}
mkdir few
few train 600 && few t10k 100

sweep=("$ff" sweep supervised-quick --data few --set layers=32,32 --set batchSize=20 --set checkpoint.everySlots=50 --precision fp32
  --epochs 18 --trials 40 --random optimizer.learningRate=0.002..0.1:log --random goodness.thresholdPerUnit=0.5..2 --json)
over() { cat "runs/$1/results.csv" 2>/dev/null | grep -cE ',(done|failed),' || true; }

# What it was doing when it was killed: of every run that is not over its checkpoints, and whether a file was half written.
doing() {
  local run
  for run in "runs/$1"/trial-*; do
    [[ -d $run && ! -f $run/summary.json ]] || continue
    printf ' %s with %s checkpoints%s;' "${run##*/}" "$(find "$run" -name manifest.json | wc -l)" \
      "$([[ -z $(find "$run" -name '.*.*' -print -quit) ]] || echo ", half a file")"
  done
}

# killed NAME RUNS [MORE ...]: five times at moments of its own, after a share of RUNS runs, then to its end.
killed() {
  local name=$1 runs=$2 kill after wait
  shift 2
  for kill in 1 2 3 4 5; do
    after=$(((kill - 1) * runs / 5 + RANDOM % 4))
    wait=$(printf '%d.%03d' $((RANDOM % 2)) $((RANDOM % 1000)))
    "${sweep[@]}" --name "$name" "$@" >/dev/null 2>"$name.err" & console=$!
    until (($(over "$name") >= after)) && compgen -G "runs/$name/trial-*" >/dev/null; do
      kill -0 $console 2>/dev/null || { cat "$name.err" && echo "$name: the console ended before kill $kill" && exit 1; }
      sleep 0.05
    done
    sleep "$wait"
    kill -9 $console 2>/dev/null || echo "$name: over before kill $kill"
    wait $console 2>/dev/null || true
    echo "$name: kill $kill at $(over "$name") of $runs runs over;$(doing "$name")"
    if [[ $name == *-on-a-cluster ]]; then lose_a_silo $kill; fi
  done
  "${sweep[@]}" --name "$name" "$@" >"$name.json" 2>"$name.err"
}

lose_a_silo() {
  case $1 in
  2 | 4) kill -9 "$("$ff" cluster status --json | grep -oE '"name":"silo-[23]","pid":[0-9]+' | sed -n "$(($1 / 2))p" | grep -oE '[0-9]+$')" && echo "cluster: a silo is killed too" ;;
  3) "$ff" cluster up --cluster-id $cluster_id >/dev/null 2>&1 && echo "cluster: cluster up brings it back" ;;
  esac
}

# What a sweep has come to, without times: they are the only thing that may differ.
without_times() {
  sed -E 's/"seconds": ?[0-9.eE+-]+/"seconds":0/g' "$1.json"
  sed -E 's/"seconds": ?[0-9.eE+-]+/"seconds":0/g' "runs/$1/results.json"
  sed -E 's/,(done|failed),([^,]*),([^,]*),[0-9.]+,/,\1,\2,\3,0,/' "runs/$1/results.csv"
  sed -E "s/\b$1\b/NAME/g; s/[0-9.]+ (h|min|s)( [0-9]+ (min|s))?\b/TIME/g" "runs/$1/sweep.html"
  (cd "runs/$1" && find . -not -path '*/checkpoints*' | sort && cat trial-*/spec.json)
  grep -h '"type":"evaluation"' "runs/$1"/trial-*/metrics.jsonl | sed -E 's/"seconds":[^,}]+//'
}

failed=0
compare() {
  if diff <(without_times "$1") <(without_times "$2") >"$2.diff"; then
    echo "$2: the same as $1, $(grep -c ,done, "runs/$2/results.csv") runs done, sha256 without times $(without_times "$2" | sha256sum | cut -c1-16)"
  else
    failed=1
    echo "$2: NOT the same as $1:" && head -n 40 "$2.diff" | cut -c1-400
  fi
}

"${sweep[@]}" --name left-alone >left-alone.json 2>left-alone.err
for case in "${cases[@]}"; do
  case $case in
  one-at-a-time)
    killed killed-$case 40
    compare left-alone killed-$case
    ;;
  two-at-a-time)
    killed killed-$case 40 --parallel 2
    compare left-alone killed-$case
    ;;
  halving)
    "${sweep[@]}" --name halving-left-alone --halving --parallel 2 >halving-left-alone.json 2>halving-left-alone.err
    killed killed-$case 57 --halving --parallel 2
    compare halving-left-alone killed-$case
    ;;
  on-a-cluster)
    "$ff" cluster up --silos 3 --cluster-id $cluster_id >/dev/null 2>&1
    address=$("$ff" cluster status --json | grep -oE '"gateway":"[^"]+' | head -n 1 | cut -d'"' -f4)
    killed killed-$case 40 --parallel 2 --cluster "$address" --cluster-id $cluster_id
    compare left-alone killed-$case
    ;;
  esac
done
exit $failed
