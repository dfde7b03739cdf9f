"""Files and engine values: photos, arrays, toy grids, kernels, recipes and exports."""
