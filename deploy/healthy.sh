#!/usr/bin/env bash
# Exit status 0 if this container's silo answers GET /health with 200; the image has bash, but neither curl nor wget.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${FF_HTTP_PORT:-8080}"
printf 'GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
read -r -t 3 _ status _ <&3
[[ $status == 200 ]]
