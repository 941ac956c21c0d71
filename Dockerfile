# One image for the web pods (`web`), the workers (`worker`) and for commands (`ops ...`). Runs as an unprivileged user on a read-only root with a small
# tmpfs on /tmp. Build: docker build --build-arg DEPLOYMENT_ID=$(git rev-parse HEAD) --secret id=server_actions_key,env=NEXT_SERVER_ACTIONS_ENCRYPTION_KEY .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /src
COPY package.json package-lock.json ./
# No package's install script runs: everything native here comes prebuilt.
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM packages AS build
ARG DEPLOYMENT_ID=""
ENV DEPLOYMENT_ID=${DEPLOYMENT_ID} NEXT_TELEMETRY_DISABLED=1
COPY . .
# Replicas and rolling deploys need one key for server actions; without the secret each build makes its own.
RUN --mount=type=secret,id=server_actions_key \
    if [ -s /run/secrets/server_actions_key ]; then NEXT_SERVER_ACTIONS_ENCRYPTION_KEY="$(cat /run/secrets/server_actions_key)"; export NEXT_SERVER_ACTIONS_ENCRYPTION_KEY; fi; \
    npm run build

FROM packages AS ops-packages
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
# Never the pod's name, which Kubernetes would put into HOSTNAME: the server would listen there alone.
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000 NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
COPY --from=build /src/.next/standalone ./
COPY --from=build /src/lib/ops/entry.mjs ./
COPY --from=build /src/package.json /src/tsconfig.json ./ops/
COPY --from=build /src/lib ./ops/lib
COPY --from=build /src/prisma ./ops/prisma
COPY --from=ops-packages /src/node_modules ./ops/node_modules
# Files belong to root and are only read; the numeric id lets Kubernetes prove that it is not root.
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/api/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/entry.mjs"]
CMD ["web"]
