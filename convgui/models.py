"""A model by Keras's name and methods, which computes window by window, explains itself, and opens the window."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.looking.explain import explain
from convgui.engine.looking.fields import receptive_field
from convgui.layers.arguments import whole
from convgui.layers.compute import batch_of, cell_of, chain_of, evaluate_batch, maps_of
from convgui.layers.input import input_shape_of
from convgui.layers.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from convgui.engine.layers.explained import Explained
    from convgui.engine.looking.explain import Explanation
    from convgui.layers.arguments import Shape
    from convgui.layers.stack import Upto


class Sequential(Stack):
    """A linear stack of layers, as `keras.Sequential`.

    Parameters
    ----------
    layers : sequence of Layer, optional
        The first one may be an `Input`, or have an `input_shape`; then the weights are made at once. Else they are made by
        `build`, or for the first array that is predicted from.
    trainable : bool
        Keras's; without an effect.
    name : str, optional

    Attributes
    ----------
    layers : list of Layer
        Without the input.
    weights : list of Weight
    built : bool

    Examples
    --------
    >>> from convgui.layers import Conv2D
    >>> model = Sequential([Conv2D(1, (1, 3), input_shape=(2, 5, 1))], name="edges")
    >>> model.set_weights([np.array([[[[-1]], [[0]], [[1]]]]), np.array([0])])
    >>> model.predict([[[0, 0, 1, 1, 1], [0, 2, 2, 0, 0]]])[0, :, :, 0].tolist()
    [[1.0, 1.0, 0.0], [2.0, -2.0, -2.0]]
    """

    def predict(
        self,
        x: ArrayLike,
        batch_size: int | None = None,
        verbose: Any = "auto",
        steps: int | None = None,
        callbacks: Any = None,
        *,
        upto: Upto = None,
        window: Any = None,
        maps: int | Sequence[int] | None = None,
    ) -> NDArray[np.float32]:
        """Return what the model makes of a batch.

        Parameters
        ----------
        x : array_like of real numbers, batch first
            An axis for a single channel may be missing.
        batch_size, verbose, steps, callbacks
            Keras's; without an effect on the result.
        upto : int, str or Layer, optional
            The layer whose output is wanted: how many layers are applied (0: none), its name, or itself. All by default.
        window : slice or (int, int), or one for each axis of cells, optional
            The output cells that are wanted: ``((0, 10), (5, 25))``, ``(slice(10), slice(5, 25))``, of a sequence
            ``(0, 10)``. Only what they need is computed.
        maps : int or sequence of int, optional
            The output maps that are wanted; the axis of the maps stays.

        Returns
        -------
        ndarray of float32, batch first

        Raises
        ------
        ValueError
            If the input does not fit, or there is no such layer, cell or map.

        Examples
        --------
        >>> from convgui.layers import MaxPooling1D, ReLU
        >>> model = Sequential([ReLU(), MaxPooling1D(2)])
        >>> x = np.array([[[-3], [1], [2], [0], [5], [4]]])
        >>> model.predict(x, verbose=0).ravel().tolist()
        [1.0, 2.0, 5.0]
        >>> model.predict(x, upto=1, window=(0, 3)).ravel().tolist()
        [0.0, 1.0, 2.0]
        """
        for what, value in (("steps", steps), ("batch_size", batch_size)):
            if value is not None:
                whole(what, value, most=None)
        batch, shapes = self._batch(x)
        count = self.count(upto)
        return evaluate_batch(self.engine_layers(count), batch, shapes[count], window, maps)

    def __call__(self, inputs: ArrayLike, training: bool | None = None) -> NDArray[np.float32]:
        """Return what the model makes of a batch, as `predict`."""
        if training:
            raise ValueError("Expected training=False, received True: nothing is trained here.")
        return self.predict(inputs)

    def receptive_field(self, *cell: int, upto: Upto = None, input_shape: Sequence[int | None] | None = None) -> Any:
        """Return the cells of the input that a cell of the output reads.

        Parameters
        ----------
        *cell : int
            Row and column of the output cell, or its step; nothing where the output has no cells.
        upto : int, str or Layer, optional
            The layer whose output the cell belongs to, as in `predict`.
        input_shape : sequence of int, optional
            The shape of the input, batch first, where the model's has no fixed size.

        Returns
        -------
        (ndarray of int64, ndarray of int64), or ndarray of int64
            The rows and the columns that are read, each of the rows with each of the columns; of a sequence the steps.

        Raises
        ------
        ValueError
            If there is no such cell.

        Examples
        --------
        >>> from convgui.layers import Conv2D, MaxPooling2D
        >>> model = Sequential([Conv2D(1, 3, input_shape=(8, 8, 1)), MaxPooling2D(2)])
        >>> model.receptive_field(0, 1)
        (array([0, 1, 2, 3]), array([2, 3, 4, 5]))
        """
        count = self.count(upto)
        shapes = self._sized(input_shape)
        sides = tuple(side or 1 for side in shapes[0][1:])
        chain = chain_of(np.zeros(sides, np.float32), self.engine_layers())
        row, col = cell_of(cell, shapes[count])
        _, rows, cols = receptive_field(chain, len(self.engine_layers(count)), 0, row, col)
        return (rows, cols) if len(sides) == 3 else cols

    def explain(self, x: ArrayLike, *cell: int, map: int = 0, sample: int = 0, upto: Upto = None) -> Explanation | Explained:
        """Return what a cell of the output is made of.

        Parameters
        ----------
        x : array_like of real numbers, batch first
        *cell : int
            Row and column of the output cell, or its step; nothing where the output has no cells.
        map : int
            Which of the output's maps.
        sample : int
            Which of the batch.
        upto : int, str or Layer, optional
            The layer whose output the cell belongs to, as in `predict`.

        Returns
        -------
        Explanation or Explained
            Of a convolution the patch, the weights, the products and their sum; of other layers the cells that were read,
            and the value in a sentence and as an expression of NumPy.

        Raises
        ------
        ValueError
            If there is no such cell.

        Examples
        --------
        >>> from convgui.layers import Conv1D
        >>> model = Sequential([Conv1D(1, 2, kernel_initializer=[[[1]], [[10]]])])
        >>> explained = model.explain([[[1], [2], [3]]], 1)
        >>> explained.products.ravel().tolist(), explained.value
        ([2.0, 30.0], 32.0)
        """
        batch, shapes = self._batch(x)
        count = self.count(upto)
        layers = self.engine_layers(count)
        if not layers:
            raise ValueError("Expected a layer that makes something of its input, received none: its cells are the input's.")
        row, col = cell_of(cell, shapes[count])
        (which,) = maps_of(whole("map", map, -(shapes[count][-1] or 0), None), shapes[count])
        return explain(chain_of(_sample(batch, sample), layers), len(layers), which, row, col)

    def show(self, x: ArrayLike, *, sample: int = 0, upto: Upto = None) -> Any:
        """Open the window on the model and one of a batch; return when it is closed, unless Qt's loop runs already.

        Parameters
        ----------
        x : array_like of real numbers, batch first
        sample : int
            Which of the batch.
        upto : int, str or Layer, optional
            The last layer that the window has, as in `predict`; all of them by default.
        """
        batch, _ = self._batch(x)
        app = import_module("convgui.app")  # not before it is asked for: all else works without Qt
        return app.show(chain_of(_sample(batch, sample), self.engine_layers(upto)))

    def _batch(self, x: ArrayLike) -> tuple[NDArray[np.float32], list[Shape]]:
        """Return the input as float32, and the shapes of it and of what each layer makes of it, batch first."""
        if not self.layers:
            raise ValueError(f"Expected a model with layers, received {self.name}, which has none: add one.")
        batch = batch_of(x, self._input, f"the model {self.name}")
        shapes = self.shapes(batch.shape)
        if not self.built:
            self.build((None, *batch.shape[1:]))
        return batch, shapes

    def _sized(self, input_shape: Sequence[int | None] | None) -> list[Shape]:
        """Return the shapes of an input of a certain size and of what each layer makes of it."""
        shape = self.input_shape if input_shape is None else input_shape_of(input_shape)
        if not self.built:
            self.build(shape)
        if None in shape[1:]:
            raise ValueError(
                f"Expected an input of a certain size, received {shape}: give the input_shape for which the cells are asked."
            )
        return self.shapes(shape)


def _sample(batch: NDArray[np.float32], sample: int) -> NDArray[np.float32]:
    if whole("sample", sample, -len(batch), None) >= len(batch):
        raise ValueError(f"Expected a sample below {len(batch)}, the length of the batch, received {sample}.")
    return batch[sample]
