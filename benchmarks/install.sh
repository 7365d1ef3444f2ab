#!/usr/bin/env bash
# Installs what the bench compares argmap with, into the folder that ARGMAP_JUDGES is to name.
set -euo pipefail
folder=${1:?"usage: benchmarks/install.sh FOLDER"}
"$(dirname "${BASH_SOURCE[0]}")/../tests/judges/install.sh" "$folder"
npm install --silent --no-fund --no-audit --prefix "$folder" "@argdown/cli@1.7.5" "@argdown/node@1.7.5"
