"""Multiply-adds, parameters and memory, against networks that were counted by hand or are known."""

import numpy as np

from convgui import assets
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.effort import Effort, effort, efforts, together
from convgui.engine.network import Chain
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.io.recipe import read_recipe


def bank(*shape):
    return Kernel(np.ones(shape))


def chain(layers, rows=20, cols=10, channels=3):
    return Chain(Source(np.zeros((rows, cols, channels), np.uint8)), Reading("each channel"), layers)


def test_a_small_network_counted_by_hand():
    layers = (
        Conv(bank(3, 3, 3, 4), padding="valid", bias=(0.0, 0.1, 0.2, 0.3)),  # 18 x 8 x 4
        Activation("prelu", slopes=np.full((1, 1, 4), 0.25, np.float32)),
        Pool("max"),  # 9 x 4 x 4
        Affine((2.0, 1.0, 1.0, 1.0), (0.5, 0.0, 0.0, 0.0)),
        Conv(bank(1, 1, 4, 2)),  # 9 x 4 x 2, no bias
        Softmax(),
    )
    found = efforts(chain(layers))
    assert found == (
        Effort(18 * 8 * 4 * 27, 3 * 3 * 3 * 4 + 4, 18 * 8 * 4 * 4),
        Effort(0, 4, 18 * 8 * 4 * 4),
        Effort(0, 0, 9 * 4 * 4 * 4),
        Effort(9 * 4 * 4, 8, 9 * 4 * 4 * 4),
        Effort(9 * 4 * 2 * 4, 8, 9 * 4 * 2 * 4),
        Effort(0, 0, 9 * 4 * 2 * 4),
    )
    assert together(found).parameters == 112 + 4 + 8 + 8


def test_groups_strides_and_one_kernel_for_all_maps():
    depthwise = Conv(bank(3, 3, 1, 6), groups=3, stride=(2, 2), bias=(0.1,) * 6)
    found = efforts(chain((depthwise, Conv(Kernel(np.ones((5, 5))), bias=(0.5,)))))
    assert found[0] == Effort(10 * 5 * 6 * 9, 54 + 6, 10 * 5 * 6 * 4)
    assert found[1] == Effort(10 * 5 * 6 * 25, 25 + 1, 10 * 5 * 6 * 4)


def test_resizing_and_what_is_switched_off():
    found = efforts(chain((Resize(scale=(2, 2)), Conv(bank(3, 3, 3, 2), on=False), Activation("relu"))))
    assert found[0] == Effort(0, 0, 40 * 20 * 3 * 4)  # nearest copies
    assert found[1].products == found[1].parameters == 0
    box = efforts(chain((Resize(size=(10, 5), method="BOX"),)))[0]
    assert box.products == 3 * (20 * 5 * 2 + 5 * 10 * 2)


def test_p_net_has_as_many_parameters_as_its_paper_s_weights():
    recipe = read_recipe(assets.network("p-net.json"))
    net = Chain(Source(np.zeros((12, 12, 3), np.uint8), scale=1.0), Reading("each channel"), recipe.layers)
    found = efforts(net)
    # conv1 270 + 10, prelu 10, conv2 1440 + 16, prelu 16, conv3 4608 + 32, prelu 32, face 64 + 2
    assert together(found).parameters == 280 + 10 + 1456 + 16 + 4640 + 32 + 66
    assert found[0].products == 10 * 10 * 10 * 27


def test_layers_that_do_not_fit_are_left_out():
    assert len(efforts(chain((Activation("relu"), Conv(bank(3, 3, 5, 2)), Softmax())))) == 1


def test_a_large_picture_overflows_nothing():
    found = effort(Conv(bank(9, 9, 3, 64)).bind(Shape(3, 100_000, 100_000)))
    assert found.products == 243 * 64 * 10**10 and found.memory == 4 * 64 * 10**10
