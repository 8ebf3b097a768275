"""What our words mean: frozen records without I/O."""
