"""Results on disk: one Zarr store, labelled, cut in blocks, resumable."""
