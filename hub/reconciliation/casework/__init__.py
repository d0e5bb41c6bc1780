"""The register beside the hub, verb by verb: taken, compared, told of, decided, reported."""
