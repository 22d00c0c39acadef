"""Services other than GitHub, one module each: read only, each token to its own host only."""
