# The gateway as an image: `docker build -t scim-ldap .`
# BASE is a Node 24 image or a plain Debian; the latter gets Node 24 from the workspace tools/node.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS npm
WORKDIR /app
RUN command -v npm >/dev/null || { apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends npm ca-certificates \
 && rm -rf /var/lib/apt/lists/*; }
COPY package.json package-lock.json .npmrc ./
COPY tools/node tools/node

# Apart from the build, so that a changed source installs nothing again.
FROM npm AS dependencies
RUN npm ci --omit=dev --omit=optional --workspaces=false

FROM npm AS build
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run --silent build
# Where the base has no Node of its own, the one that built is the one that runs.
RUN mkdir -p /runtime/bin \
 && if [ ! -x /usr/local/bin/node ]; then cp node_modules/node-linux-*/bin/node /runtime/bin/node; fi

FROM ${BASE}
LABEL org.opencontainers.image.title="scim-ldap" \
      org.opencontainers.image.description="SCIM 2.0 service provider in front of an LDAP directory" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /runtime/ /usr/local/
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY mappings mappings
COPY docker/health.ts docker/health.ts
# No name to look up: this runs with any user and with a root file system that cannot be written.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s CMD ["node", "/app/docker/health.ts"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
# Mount the gateway file, its mapping and its secrets here; it must say `listen: { host: 0.0.0.0 }`.
CMD ["serve", "--config", "/etc/scim-ldap/gateway.yaml"]
