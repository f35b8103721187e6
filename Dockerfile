# The packed package on Node.js, without npm's development packages. It has a shell and git, which jobs of GitLab need.
FROM node:24-alpine@sha256:a0b9bf06e4e6193cf7a0f58816cc935ff8c2a908f81e6f1a95432d679c54fbfd AS package
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Builds first: package.json, prepack.
RUN npm pack --silent --pack-destination /tmp
RUN npm install --global --prefix /opt/preflight --offline --no-audit --no-fund /tmp/infinity-preflight-*.tgz

FROM node:24-alpine@sha256:a0b9bf06e4e6193cf7a0f58816cc935ff8c2a908f81e6f1a95432d679c54fbfd
RUN apk add --no-cache git
COPY --from=package /opt/preflight /opt/preflight
RUN ln -s /opt/preflight/bin/preflight /usr/local/bin/preflight
# Files of the project are mounted here; the program only reads them, and writes the reports that it is told to.
WORKDIR /work
USER node
# Compiles what a check runs, into the user's cache: the first check of each container starts as fast as the next one.
RUN cd /opt/preflight/lib/node_modules/infinity-preflight/fixtures/example/clean && for run in 1 2 3; do /usr/local/bin/preflight deployment.yaml --inventory inventory.json --no-live --now 2026-11-22T12:00:00Z > /dev/null || exit; done
ENTRYPOINT ["preflight"]
CMD ["--help"]
