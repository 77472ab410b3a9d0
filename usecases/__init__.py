"""What the product does, one module per feature. Each owns its short transactions and returns frozen data."""
