"""Reading and writing pictures of any depth; numpy only, the codecs are imported when used."""

from denoiselab.io.files import SUFFIXES, dead_links, other_files, picture_files
from denoiselab.io.page import Page, page_of
from denoiselab.io.pages import opened_pages
from denoiselab.io.picture import Picture, to_channels
from denoiselab.io.read import read_picture
from denoiselab.io.write import write_pages, write_picture

__all__ = [
    "SUFFIXES",
    "Page",
    "Picture",
    "dead_links",
    "opened_pages",
    "other_files",
    "page_of",
    "picture_files",
    "read_picture",
    "to_channels",
    "write_pages",
    "write_picture",
]
