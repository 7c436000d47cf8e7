"""What is timed: a network, a batch and a crop size, as overrides of train.py."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A training step that both sides do.

    model: an option of conf/model, with these keys; `batch` crops of `crop` x `crop` pixels a step.
    steps: how many make a round; a round should last a few seconds.
    """

    name: str
    model: str
    keys: dict[str, int] = field(default_factory=dict)
    batch: int = 16
    crop: int = 64
    channels: int = 3
    steps: int = 6

    def commanded(self) -> list[str]:
        """The arguments of train.py for this case, as a user would give them."""
        return [
            f"model={self.model}",
            *(f"model.{key}={value}" for key, value in self.keys.items()),
            f"data.batch_size={self.batch}",
            f"data.crop_size={self.crop}",
            f"data.val_crop={self.crop}",
            f"data.channels={self.channels}",
            "data.shuffle_channels=false",
            "optimizer=adam",
            "optimizer.lr=1e-4",
            "scheduler=constant",
        ]


CASES = {
    case.name: case
    for case in (
        Case("DnCNN-17", "dncnn", {"depth": 15}, steps=4),
        Case("DUDnCNN-6", "dudncnn", {"depth": 6}, steps=8),
        Case("U-Net", "unet", batch=4, crop=128, steps=8),
        Case("tiny", "dncnn", {"depth": 3, "num_features": 16}, steps=40),
        Case("autoencoder", "conv_autoencoder", batch=128, crop=28, channels=1, steps=20),
    )
}
