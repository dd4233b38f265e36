#!/usr/bin/env bash
# Installs the Debian packages that the tests use. The program itself needs none; with tesseract it
# reads scans (WSIS_OCR), with LibreOffice it knows the pages of Word files (WSIS_WORD_PAGES).
set -euo pipefail

packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v tesseract >/dev/null || packages+=(tesseract-ocr)
command -v soffice >/dev/null || packages+=(libreoffice-writer-nogui fonts-liberation)

if [ ${#packages[@]} -eq 0 ]; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Not a Debian system: the tests that need ${packages[*]} will be skipped." >&2
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Neither root nor sudo: the tests that need ${packages[*]} will be skipped." >&2
    exit 0
  fi
  as_root=(sudo)
fi
echo "Installing ${packages[*]} for the tests" >&2
"${as_root[@]}" apt-get update -qq
for package in "${packages[@]}"; do
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "$package" >/dev/null ||
    echo "$package cannot be installed: the tests that need it will be skipped." >&2
done
