"""What surrounds the Lightning Trainer: a run, its folder, its checkpoints, its logs."""
