"""Running every row of a design with every replicate, in blocks, on processes or a cluster."""
