"""The I/O that rooms share: database, queue, object store, outbound mail and HTTP, logs."""
