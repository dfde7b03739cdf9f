"""One row of numbers is a sequence, one row of pixels a picture: the source says which, wherever it goes."""

import numpy as np
import pytest
from PIL import Image

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.source import Source
from convgui.io.pictures.images import open_source
from convgui.io.recipe import Recipe
from convgui.io.session_file import load_session, save_session
from convgui.worker.decoder import Decoder


def write(folder, kind):
    path, pixels = folder / f"row.{kind}", np.arange(24, dtype=np.uint8).reshape(1, 8, 3)
    if kind == "png":
        Image.fromarray(pixels).save(path)
    elif kind == "npy":
        np.save(path, pixels[0].astype(np.float32)[:, 0])
    else:
        path.write_text("1 2 3 4 5\n")
    return path


@pytest.mark.parametrize(("kind", "sequence"), [("png", False), ("npy", True), ("txt", True)])
def test_files_say_what_one_row_is(tmp_path, kind, sequence):
    path = write(tmp_path, kind)
    assert open_source(path).sequence is sequence
    decoder = Decoder()
    try:
        assert decoder.open(str(path), lambda: False).sequence is sequence
    finally:
        decoder.close()


@pytest.mark.parametrize("sequence", [True, False, None])
def test_the_session_keeps_what_one_row_is(tmp_path, sequence):
    source = Source(np.arange(6.0)[None], sequence=sequence)
    assert source.sequence is (sequence is not False)
    save_session(tmp_path, Recipe((Conv(Kernel([[1.0]])),)), source)
    assert load_session(tmp_path).source.sequence is source.sequence
    assert source.channel_names == ("channel 0",)


def test_several_rows_are_no_sequence():
    assert Source(np.zeros((2, 5))).sequence is False
    with pytest.raises(ValueError, match="one row"):
        Source(np.zeros((2, 5)), sequence=True)
