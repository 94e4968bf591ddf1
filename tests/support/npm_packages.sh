# Sourced by tests that need packages of npm: goes into the directory $packages and installs there
# what the lock file beside the test ($here) names. Without them the test is skipped, but not in CI.
# npm_packages "what is lacking then"
npm_packages() {
  mkdir -p "$packages"
  cp "$here"/package.json "$here"/package-lock.json "$here"/*.mjs "$packages"
  cd "$packages"
  npm ci --no-audit --no-fund --silent && return
  echo "skipped: $1 cannot be installed with npm"
  [ -z "${CI:-}" ]
  exit
}
