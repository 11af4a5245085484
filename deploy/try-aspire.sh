#!/usr/bin/env bash
# The cluster that Aspire starts, tried: three silos become healthy, a run on them ends in the reference's bytes, Ctrl+C leaves nothing.
#   deploy/try-aspire.sh [OPTION of ff train ...]      e.g. --set trainImages=2000 --epochs 1
set -Eeuo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
options=("$@")
((${#options[@]})) || options=(--set trainImages=2000 --epochs 1)
for port in 8080 8081 8082 11111 15170 30000; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "Port $port is taken, expected it free for the AppHost." >&2 && exit 2; }
done

work=$(mktemp -d /tmp/ff-aspire-XXXXXX)
export XDG_STATE_HOME=$work/state
programs="$PWD/(deploy/AppHost|src/ForwardForward.Silo)/.*(AppHost|ForwardForward.Silo)\$"
pattern="$programs|(redis|valkey)-server 127.0.0.1|Aspire.Dashboard\$"
before=$(pgrep -f "$pattern" || true)
ours() { pgrep -f "$pattern" | grep -vxF "${before:-none}" || true; }
trap 'rm -rf "$work"' EXIT
trap 'echo "failed at line $LINENO: $BASH_COMMAND" >&2; tail -n 20 "$work"/*.log >&2; kill -INT -- -"${host:-0}" 2>/dev/null || true' ERR

./ff --version >/dev/null
dotnet build deploy/AppHost -v quiet -clp:ErrorsOnly >"$work/build.log"
set -m # a job of its own, which Ctrl+C reaches
dotnet run --no-build --project deploy/AppHost >"$work/host.log" 2>&1 &
host=$!
set +m
healthy() { for port in 8080 8081 8082; do curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null || return 1; done; }
for _ in $(seq 240); do healthy && break; sleep 0.5; done
healthy
echo "three silos are healthy"

hash_of() {
  ./ff train "${options[@]}" --out "$work/$1" --json "${@:2}" 2>>"$work/train.log" | sed -E 's/.*"stateHash":"([0-9a-f]*)".*/\1/'
}
cluster=$(hash_of cluster --cluster 127.0.0.1:30000)
reference=$(hash_of reference --reference)
[[ $reference && $cluster = "$reference" ]]
echo "state hash of both: $reference"

kill -INT -- -"$host"
wait "$host" || true
for _ in $(seq 240); do [[ -z $(ours) ]] && break; sleep 0.25; done
[[ -z $(ours) ]]
echo "nothing is left"
