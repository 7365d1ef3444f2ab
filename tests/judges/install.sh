#!/usr/bin/env bash
# Installs the tools of others that judge what argmap reads and writes, and what drives Firefox, into the folder that ARGMAP_JUDGES is to name.
set -euo pipefail
folder=${1:?"usage: tests/judges/install.sh FOLDER"}
mkdir -p "$folder"
[ -x "$folder/python/bin/python" ] || python3 -m venv "$folder/python"
"$folder/python/bin/python" -m pip install --quiet --disable-pip-version-check \
    "arguebuf==2.7.2" setuptools "formal-argumentation==0.3.0" "openapi-python-client==0.29.1"
npm install --silent --no-fund --no-audit --prefix "$folder" "@argdown/core@1.7.5" \
    openapi-typescript@7.13.0 openapi-fetch@0.17.0 typescript@5.9.3 @types/node@22 puppeteer-core@24.43.1
