#!/usr/bin/env bash
# Attacks every decoder, or those named, with inputs that AFL++ makes by looking at which branches they take.
#   tests/ForwardForward.Fuzz/fuzz.sh [-n INPUTS] [-o FOLDER] [TARGET ...]
# Needs afl-fuzz (Debian: afl++). Findings, if any, are under FOLDER/out/TARGET/default/crashes and .../hangs, and FOLDER/TARGET.findings says why. More than a second for an input is a finding.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
inputs=1000000 folder=$PWD/fuzzing
while getopts n:o: option; do
  case $option in n) inputs=$OPTARG ;; o) folder=$(realpath -m "$OPTARG") ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is missing, expected AFL++ (apt-get install afl++)." >&2; exit 2; }
mkdir -p "$folder"
if [ ! -d "$folder/app" ]; then
  dotnet publish "$here" -c Release -o "$folder/app" -v quiet -clp:ErrorsOnly
  [ -x "$folder/sharpfuzz" ] || dotnet tool install --tool-path "$folder" SharpFuzz.CommandLine >/dev/null
  cp -r "$folder/app" "$folder/watched"
  for part in Learning Contracts Runtime Silo; do "$folder/sharpfuzz" "$folder/watched/ForwardForward.$part.dll"; done
fi
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 DOTNET_TieredPGO=0
dotnet "$folder/app/fuzz.dll" seeds "$folder/seeds"
[ $# -gt 0 ] || set -- $(ls "$folder/seeds")
for target in "$@"; do
  rm -rf "$folder/out/$target" && mkdir -p "$folder/out"
  (cd "$folder" && afl-fuzz -i "$folder/seeds/$target" -o "$folder/out/$target" -t 5000 -m none -E "$inputs" -- dotnet "$folder/watched/fuzz.dll" afl "$target" >"$folder/$target.log" 2>&1) ||
    { tail -n 20 "$folder/$target.log" >&2; exit 1; }
  value() { sed -nE "s/^$1 *: *(.*)/\1/p" "$folder/out/$target/default/fuzzer_stats"; }
  echo "$target: $(value execs_done) inputs in $(value run_time) s, $(value edges_found) branches, $(value corpus_count) kinds of input, $(value saved_crashes) crashes, $(value saved_hangs) hangs"
done
