#!/usr/bin/env bash
# The containers of docker-compose.yml, tried: builds the image, starts the services, trains with the console's, kills one silo, cuts another
# off the network, and holds the state hash against that of the reference in the same image. Leaves nothing: no container, volume or image.
#   deploy/try-containers.sh [--store DIR] [--no-build] [OPTION of ff train ...]      e.g. --epochs 4 --set trainImages=20000
# It takes Docker where there is one, else podman (as root) with docker-compose, with a store of images of its own: --store keeps that for
# the next time, --no-build takes the image that is in it. Where no registry of images can be reached, podman gets base images made of
# Debian (debootstrap) and the .NET of this machine. MNIST comes from this machine's cache where it is there.
set -Eeuo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
store='' build=yes
while [[ ${1:-} = --store || ${1:-} = --no-build ]]; do
  case $1 in
  --store) store=$(realpath -m "$2") && shift 2 ;;
  --no-build) build=no && shift ;;
  esac
done
options=("$@")
run=tried cut=silo-2 killed=silo-3 cut_seconds=25
project=ff-try-$$
export COMPOSE_PROJECT_NAME=$project TORCH_BACKEND=cpu
services=(redis certificates silo-1 silo-2 silo-3)
background=()

say() { echo "$(date +%T) $*"; }
refuse() { echo "$1" >&2 && exit 2; }

engine=''
if docker info >/dev/null 2>&1; then engine=docker; elif command -v podman >/dev/null; then engine=podman; fi
[[ $engine ]] || refuse "No container engine answers, expected Docker, or podman (on Debian: apt-get install podman runc docker-compose)."
[[ $engine = docker || $(id -u) = 0 ]] || refuse "podman is tried as root alone, expected sudo."
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
command -v "${compose[0]}" >/dev/null || refuse "docker-compose is not installed, expected it on the PATH (on Debian: apt-get install docker-compose)."
! (exec 3<>/dev/tcp/127.0.0.1/30000) 2>/dev/null || refuse "Port 30000 of this machine is taken, expected it free for the gateway of silo-1."

work=$(mktemp -d /tmp/ff-try-XXXXXX)
compose() { "${compose[@]}" -f docker-compose.yml "$@"; }

cleanup() {
  trap - EXIT INT TERM
  compose --profile console down -v --remove-orphans --timeout 20 >"$work/down.log" 2>&1 || true
  for process in "${background[@]}"; do kill "$process" 2>/dev/null && wait "$process" 2>/dev/null || true; done
  if [[ $engine = podman ]]; then
    podman rm -fa >/dev/null 2>&1 || true
    podman network rm -f "${project}_default" >/dev/null 2>&1 || true
    [[ $store ]] || podman rmi -fa >/dev/null 2>&1 || true
    umount "${store:-$work}/graph/overlay" 2>/dev/null || true
  elif [[ $build = yes ]]; then
    docker rmi -f forwardforward:cpu >/dev/null 2>&1 || true
  fi
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
trap 'echo "failed at line $LINENO: $BASH_COMMAND" >&2; tail -n 20 "$work"/*.log >&2' ERR

if [[ $engine = podman ]]; then
  # crun refuses cgroups that are half of version 1; podman lowers the limit of processes, and may not raise it again for a container.
  runtime=$(command -v runc || command -v crun || true)
  [[ $runtime ]] || refuse "Neither runc nor crun is installed, expected one for podman (on Debian: apt-get install runc)."
  [[ -f /sys/fs/cgroup/cgroup.controllers && -x $(command -v crun) ]] && runtime=$(command -v crun)
  processes=$(ulimit -Hu) && ((processes <= 30000)) 2>/dev/null || processes=30000
  files=$(ulimit -Hn) && ((files <= 1048576)) 2>/dev/null || files=1048576
  cat >"$work/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=$processes:$processes"]
[engine]
runtime = "$(basename "$runtime")"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
  printf '[storage]\ndriver = "overlay"\nrunroot = "%s/run"\ngraphroot = "%s/graph"\n' "${store:-$work}" "${store:-$work}" >"$work/storage.conf"
  printf 'unqualified-search-registries = ["docker.io"]\n' >"$work/registries.conf"
  export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf CONTAINERS_REGISTRIES_CONF=$work/registries.conf
  podman system service -t 0 "unix://$work/podman.sock" >"$work/service.log" 2>&1 &
  background+=($!)
  export DOCKER_HOST=unix://$work/podman.sock
fi

# The images that others make, of this machine's parts: what the real ones have that these files rely on is their users and commands.
local_bases() {
  command -v debootstrap >/dev/null ||
    refuse "No registry of images can be reached and debootstrap is not installed, expected one of them (on Debian: apt-get install debootstrap)."
  local tree=$work/debian dotnet
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  debootstrap --variant=minbase --include=ca-certificates,libicu76,libssl3t64,libstdc++6,tzdata,valkey-server trixie "$tree" >"$work/debootstrap.log" 2>&1
  cp /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/" # whom this machine trusts, its build trusts
  tar -C "$tree" -c . | podman import -q - localhost/debian:trixie >>"$work/bases.log" 2>&1
  rm -rf --one-file-system "$tree"
  base() { podman build -q --format docker -v "$dotnet:/host:ro" -t "$1" -f - "$work/empty" >>"$work/bases.log" 2>&1; }
  mkdir -p "$work/empty"
  base mcr.microsoft.com/dotnet/sdk:10.0 <<IMAGE
FROM localhost/debian:trixie
RUN cp -a /host /usr/share/dotnet && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
ENV NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}
IMAGE
  base mcr.microsoft.com/dotnet/aspnet:10.0 <<'IMAGE'
FROM localhost/debian:trixie
RUN mkdir /usr/share/dotnet && cp -a /host/dotnet /host/host /host/shared /usr/share/dotnet && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet && groupadd -g 1654 app && useradd -u 1654 -g 1654 -m app
ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true
IMAGE
  base "docker.io/$(image_of redis)" <<'IMAGE'
FROM localhost/debian:trixie
RUN install -d -o valkey -g valkey /data
WORKDIR /data
CMD ["valkey-server"]
IMAGE
}

image_of() { grep -A4 "^  $1:" docker-compose.yml | sed -nE 's/^ *image: *//p'; }

made=''
if $engine pull -q mcr.microsoft.com/dotnet/aspnet:10.0 >"$work/pull.log" 2>&1 && $engine pull -q "docker.io/$(image_of redis)" >>"$work/pull.log" 2>&1; then
  services+=(prometheus grafana)
elif [[ $engine = podman ]]; then
  say "no registry of images can be reached: base images are made here, and Prometheus and Grafana are left out"
  podman image exists mcr.microsoft.com/dotnet/sdk:10.0 || local_bases
  made=' on base images made here'
else
  refuse "No registry of images can be reached by Docker, expected one (podman would get base images made here): $(tail -n 1 "$work/pull.log")"
fi

if [[ $build = yes ]]; then
  say "building the image$made"
  as_docker=() && [[ $engine = docker ]] || as_docker=(--format docker) # podman's own format has no health check
  $engine build "${as_docker[@]}" --network host -f deploy/Dockerfile -t forwardforward:cpu . >"$work/build.log" 2>&1
fi
$engine image inspect forwardforward:cpu >/dev/null 2>&1 || refuse "There is no image forwardforward:cpu, expected one (without --no-build it is built)."
say "image: $($engine image inspect forwardforward:cpu --format '{{.Size}}' | awk '{printf "%.2f GB", $1 / 1e9}'), user $($engine image inspect forwardforward:cpu --format '{{.Config.User}}')"

# Without systemd nothing starts podman's health checks.
if [[ $engine = podman && ! -d /run/systemd/system ]]; then
  while sleep 2; do podman ps -q | xargs -r -n 1 podman healthcheck run >/dev/null 2>&1 || true; done &
  background+=($!)
fi

container() { $engine ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" --filter "label=com.docker.compose.oneoff=False"; }
console() { compose --profile console run -T --rm --no-deps console ff.dll "$@" 2>>"$work/console.log"; }
in_data() { $engine run --rm -i --network none --user 1654 -v "${project}_data:/data" --entrypoint bash forwardforward:cpu -c "$1"; }
# The slot of the newest checkpoint that is there as a whole.
newest() { $engine exec "$(container silo-1)" bash -c "ls -d /data/checkpoints/$run/*/manifest.json 2>/dev/null | sort | tail -n 1" | sed -E 's#.*/0*([0-9]+)-g[0-9]+/.*#\1#'; }
health() { $engine inspect "$(container "$1")" --format '{{.State.Health.Status}}'; }
await() { # await SECONDS WHAT COMMAND...
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < until)) || { echo "$what did not come to be" >&2 && return 1; }
    [[ -z ${trainer:-} ]] || kill -0 "$trainer" 2>/dev/null || { echo "the run ended before $what" >&2 && return 1; }
    sleep 1
  done
}
is_healthy() { [[ $(health "$1") = healthy ]]; }
is_past() { [[ $(newest) -gt $1 ]]; } 2>/dev/null

say "starting ${services[*]}"
compose up -d --no-build "${services[@]}" >"$work/up.log" 2>&1 </dev/null
for silo in silo-1 silo-2 silo-3; do await 900 "a healthy $silo" is_healthy $silo; done
say "silos are healthy"
mnist=${FF_DATA:-${XDG_CACHE_HOME:-$HOME/.cache}/forwardforward}
if [[ -d $mnist/mnist ]]; then
  tar -C "$mnist" -c mnist | in_data 'tar -C /data -x' 2>>"$work/console.log"
else
  console data get mnist >/dev/null || refuse "MNIST is not in $mnist and cannot be fetched from a container, expected one of them (./ff data get mnist)."
fi

train=(train supervised-quick "${options[@]}" --json)
say "training: ${train[*]}"
console "${train[@]}" --cluster redis:6379 --name $run >"$work/run.json" & trainer=$!
await 300 "the first checkpoint" is_past 0

pid_of() { $engine inspect "$(container "$1")" --format '{{.State.Pid}}'; }
pid=$(pid_of $killed)
say "kill -9 of $killed, newest checkpoint $(newest)"
kill -9 "$pid" 2>/dev/null || $engine kill --signal KILL "$(container $killed)" >/dev/null
back=$SECONDS
is_another() { local now && now=$(pid_of "$1") && [[ $now != "$2" && $now != 0 ]]; } # process than the one with that id
for _ in $(seq 10); do is_another $killed "$pid" && break || sleep 1; done
restarted='the engine'
is_another $killed "$pid" || { restarted='this script' && $engine start "$(container $killed)" >/dev/null; }
await 300 "a healthy $killed" is_healthy $killed
say "$killed is healthy again after $((SECONDS - back)) s, started by $restarted"
at=$(newest)
await 300 "a checkpoint after the kill" is_past "$at"

trains() { kill -0 "$trainer" 2>/dev/null || { echo "the run ended before $cut was cut off for $cut_seconds s, expected a longer one (--epochs)" >&2 && return 1; }; }
trains
say "$cut is cut off for $cut_seconds s, newest checkpoint $(newest)"
pid=$(pid_of $cut)
address=$($engine inspect "$(container $cut)" --format "{{(index .NetworkSettings.Networks \"${project}_default\").IPAddress}}")
$engine network disconnect -f "${project}_default" "$(container $cut)"
sleep $cut_seconds
trains
say "$cut is let in again, newest checkpoint $(newest)"
$engine network connect --ip "$address" --alias $cut "${project}_default" "$(container $cut)"
back=$SECONDS
awaited=$trainer && trainer='' # the run may end meanwhile
await 300 "another process of $cut, which the others have declared dead," is_another $cut "$pid"
await 300 "a healthy $cut" is_healthy $cut
say "$cut has ended itself, and is healthy again $((SECONDS - back)) s after it was let in"

wait "$awaited" && status=0 || status=$?
[[ $status = 0 ]] || { echo "the run ended with exit code $status:" >&2 && tail -n 5 "$work/console.log" >&2 && exit 1; }
field() { grep -oE "\"$2\":(\"[^\"]*\"|[0-9.]+)" "$work/$1.json" | tail -n 1 | cut -d: -f2 | tr -d '"'; }
grep -oE '"sentence":"[^"]*"' "$work/run.json" | cut -d'"' -f4 | while read -r incident; do say "the run says: $incident"; done
say "the run: $(field run seconds) s, recoveries $(field run recoveries), slots done again $(field run redoneSlots), state hash $(field run stateHash)"
compose stop silo-1 silo-2 silo-3 >"$work/stop.log" 2>&1 # the reference has the machine to itself
say "the reference, in the same image"
console "${train[@]}" --reference --name reference >"$work/reference.json"
say "the reference: $(field reference seconds) s, state hash $(field reference stateHash)"
if [[ $(field run stateHash) = "$(field reference stateHash)" && $(field run recoveries) -ge 1 ]]; then
  say "the same bytes"
else
  say "NOT the same bytes, or no recovery" && exit 1
fi
