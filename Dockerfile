# syntax=docker/dockerfile:1

FROM rust:1.95-alpine3.22 AS build
WORKDIR /src
COPY . .
# The caches are no part of the image, so that the program is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    CARGO_PROFILE_RELEASE_STRIP=true cargo build --release --locked \
    && cp target/release/plimsoll /plimsoll

FROM scratch
COPY --from=build /plimsoll /plimsoll
# `docker run --rm -v "$PWD:/work" plimsoll` checks the Dockerfiles below the working directory.
WORKDIR /work
USER 65532:65532
HEALTHCHECK NONE
ENTRYPOINT ["/plimsoll"]
CMD ["check"]
