"""The verbs: command-line arguments and Hydra on one side, objects on the other.

The only room that imports Hydra. Nothing heavy is imported before a verb's configuration stands.
"""

from denoiselab.app.cli import main, run

__all__ = ["main", "run"]
