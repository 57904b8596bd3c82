# The server with its widget, as one image: production files only, no shell script, no need for a network at start.
# checkov:skip=CKV_DOCKER_7:the image below names its exact release, which is not seen through the variable
ARG NODE_IMAGE=node:26.10.0-bookworm-slim

# checkov:skip=CKV_DOCKER_7:its tag stands in NODE_IMAGE, and files.test.ts holds it to the lockfile
# What is made here has no machine code, so the builder's own platform makes it for every other one.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS manifests
WORKDIR /app
# Without the root's own package.json: pnpm would install its tools, ten times what is needed here.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
COPY server/package.json server/
COPY server/patches server/patches
COPY widget/package.json widget/

FROM manifests AS widget
RUN npx --yes pnpm@12 install --frozen-lockfile --ignore-scripts --filter @aside/widget
COPY server/src/protocol server/src/protocol
COPY widget widget
RUN cd widget && node_modules/.bin/vite build

FROM manifests AS packages
# What pnpm notes beside the packages names the registry they came from, which is the builder's own affair.
RUN npx --yes pnpm@12 install --frozen-lockfile --ignore-scripts --prod --no-optional --filter @aside/server \
 && rm -rf node_modules/.modules.yaml node_modules/.pnpm-workspace-state*.json node_modules/.pnpm/lock.yaml

FROM ${NODE_IMAGE}
ARG NODE_IMAGE
LABEL org.opencontainers.image.title="Aside" \
      org.opencontainers.image.description="Live chat for every blog post" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="${NODE_IMAGE}"
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/server server
COPY LICENSE NOTICES.md ./
COPY sql/migrations sql/migrations
COPY server/src server/src
COPY --from=widget /app/widget/dist widget/dist
# A number: who runs it can see that it is not root without reading the image's /etc/passwd.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and hears SIGTERM itself; a shell before it would not pass it on.
ENTRYPOINT ["node", "server/src/main.ts"]
