"""What surrounds the Lightning Trainer: a run, its folder, its checkpoints, its logs."""

import logging
import warnings

import lightning.pytorch  # noqa: F401, which sets its own loggers' levels, before they are set here

# Announcements of libraries: the run's summary says what matters of them.
for _name in ("lightning.pytorch", "lightning.fabric", "matplotlib"):
    logging.getLogger(_name).setLevel(logging.ERROR)
warnings.filterwarnings("ignore", ".*does not have many workers.*")
warnings.filterwarnings("ignore", ".*isinstance.treespec, LeafSpec.*", FutureWarning)
warnings.filterwarnings("ignore", "The number of training batches .* is smaller than the logging interval")
warnings.filterwarnings("ignore", "The `srun` command is available")  # a run that is no job of Slurm's
warnings.filterwarnings("ignore", "Checkpoint directory .* exists and is not empty")
