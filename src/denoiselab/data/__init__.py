"""Where pictures come from; one yaml a source in `conf/data`."""

from denoiselab.data.bursts import BurstFolders
from denoiselab.data.features import Features
from denoiselab.data.folders import FolderPictures, NoisyPictures
from denoiselab.data.mnist import MNIST
from denoiselab.data.mnist_variant import MNISTVariant
from denoiselab.data.module import Data
from denoiselab.data.pairs import PairedFolders
from denoiselab.data.patches import Patches
from denoiselab.data.photos import InstalledPhotos
from denoiselab.data.pictures import PictureData
from denoiselab.data.points import Points
from denoiselab.data.renders import Renders
from denoiselab.data.tensor_files import TensorFiles
from denoiselab.data.tensors import TensorData, TensorStore
from denoiselab.data.volumes import MRIVolumes

__all__ = [
    "MNIST",
    "BurstFolders",
    "Data",
    "Features",
    "FolderPictures",
    "InstalledPhotos",
    "MNISTVariant",
    "MRIVolumes",
    "NoisyPictures",
    "PairedFolders",
    "Patches",
    "PictureData",
    "Points",
    "Renders",
    "TensorData",
    "TensorFiles",
    "TensorStore",
]
