# syntax=docker/dockerfile:1

# `--build-arg SIMULATOR=yes` adds the vendors' stand-ins, for trying the image without keys (NODE_ENV=development).
ARG SIMULATOR=no

FROM scratch AS simulator-no
WORKDIR /simulator

FROM scratch AS simulator-yes
COPY simulator /simulator

FROM simulator-${SIMULATOR} AS simulator

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools ./tools
# Node 24 is the image's own: the wrapper in tools/ is a dev dependency and stays out.
RUN npm ci --omit=dev

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY db ./db
COPY prompts ./prompts
COPY src ./src
COPY --from=simulator /simulator ./simulator
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
