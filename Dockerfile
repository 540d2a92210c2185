FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin countersign

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 countersign \
    && install -d -o countersign -m 700 /data
COPY --from=build /src/target/release/countersign /usr/local/bin/countersign
USER countersign
ENV COUNTERSIGN_DATA_DIR=/data COUNTERSIGN_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["countersign"]
CMD ["serve"]
