"""What only ever refutes: values at many points of a world, with many digits."""
