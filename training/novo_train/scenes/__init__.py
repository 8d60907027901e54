"""Pictures of the world with exact ground truth: drawings, composition, layouts, grids, data sets."""
