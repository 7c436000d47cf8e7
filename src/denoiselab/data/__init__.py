"""Where pictures come from; one yaml a source in `conf/data`."""

from denoiselab.data.folders import FolderPictures
from denoiselab.data.module import PictureData
from denoiselab.data.pairs import PairedFolders
from denoiselab.data.photos import InstalledPhotos

__all__ = ["FolderPictures", "InstalledPhotos", "PairedFolders", "PictureData"]
