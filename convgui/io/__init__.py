"""Files: photos, arrays, toy grids, kernels, recipes and exports, read into engine values and written from them."""
