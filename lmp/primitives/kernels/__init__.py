"""Arithmetic compiled by Numba, each kernel with the types of its arguments; plain functions of arrays, nothing else."""
