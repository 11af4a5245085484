#!/usr/bin/env bash
# Makes docs/images/live-view.svg: trains `supervised-quick` in a pseudo terminal and draws what it showed. Wants `script` (util-linux) and
# python3, no package of either. Arguments replace those of `./ff train`:  docs/images/make-live-view.sh --epochs 3
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
./ff --help >/dev/null # builds it where that is to be done
ln -s "$PWD/ff" "$work/ff"
(cd "$work" && TERM=xterm-256color script --quiet --return --log-out out --log-timing times \
  --command "stty cols 80 rows 24; exec ./ff train $*" </dev/null >/dev/null)
python3 docs/images/terminal_to_svg.py "$work/out" "$work/times" "./ff train${*:+ $*}" "$work" >"$work/live-view.svg"
mv "$work/live-view.svg" docs/images/live-view.svg
