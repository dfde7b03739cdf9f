"""The functions for scripts: convolution and pooling by their Keras names, on plain arrays, batches and channels."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.checks import bias_fault, weights_fault
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.base import Block, Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.masked import unmasked
from convgui.engine.names import padding_of, setting_name
from convgui.engine.network import Chain, evaluate
from convgui.engine.network.again import Again
from convgui.engine.reading import Reading
from convgui.engine.source import READ_AS_STORED, Source
from convgui.engine.strategies import jit
from convgui.engine.strategies.faster import faster
from convgui.engine.strategies.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Padding = str | int | Sequence[Any]


def conv2d(
    x: ArrayLike,
    weights: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    strides: int | Sequence[int] = 1,
    padding: Padding = "valid",
    dilation_rate: int | Sequence[int] = 1,
    groups: int = 1,
    activation: str | None = None,
    border: str = "zeros",
    flip: bool = False,
) -> NDArray[np.float32]:
    """Return the two-dimensional convolution of `x`, as `keras.ops.conv` defines it (cross-correlation).

    Parameters
    ----------
    x : array_like of real numbers, shape (H, W), (H, W, C) or (N, H, W, C)
        Read as it is: bytes count from 0 to 255. `as_input` gives the values that the window reads.
    weights : array_like, shape (kh, kw) or (kh, kw, cin, cout)
        A plain kernel is applied to each channel by itself; `cin` is C / groups.
    bias : float or array_like of shape (cout,), optional
    strides, dilation_rate : int or (int, int)
    padding : {'valid', 'same', 'full'}, int, pair or pairs
        Or cells on all sides, for (rows, columns), or before and after per axis: ``((top, bottom), (left, right))``.
    groups : int
        Input channels and filters are split into so many groups; C of them make it depthwise.
    activation : str, optional
        A Keras name such as 'relu'.
    border : {'zeros', 'replicate', 'reflect', 'symmetric', 'wrap'}
        What lies outside.
    flip : bool
        Turn each kernel by 180 degrees: mathematical convolution.

    Returns
    -------
    ndarray of float32
        (H', W') for a plain kernel on a plain array, (H', W', maps) or (N, H', W', maps) else.

    Raises
    ------
    ValueError
        If shapes do not fit, a name is unknown, or float32 cannot hold the weights or a bias.

    Examples
    --------
    >>> conv2d([[0, 1, 0, 1, 1, 0]] * 6, [[1, 0, 0], [1, 0, 0], [0, 0, 2]], padding="same")[0].tolist()
    [2.0, 0.0, 3.0, 2.0, 1.0, 1.0]
    """
    return _conv(x, weights, bias, _Options(2, strides, padding, dilation_rate, groups, activation, border, flip))


def conv1d(
    x: ArrayLike,
    weights: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    strides: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
    groups: int = 1,
    activation: str | None = None,
    border: str = "zeros",
    flip: bool = False,
) -> NDArray[np.float32]:
    """Return the one-dimensional convolution of `x`; see `conv2d`.

    Parameters
    ----------
    x : array_like of real numbers, shape (L,), (L, C) or (N, L, C)
    weights : array_like, shape (k,) or (k, cin, cout)
    padding : {'valid', 'same', 'full', 'causal'}, int or (before, after)

    Returns
    -------
    ndarray of float32, shape (L',), (L', maps) or (N, L', maps)

    Examples
    --------
    >>> conv1d([0, 1, 0, 1, 1, 0], [0, 1], padding="same").tolist()
    [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]
    """
    return _conv(x, weights, bias, _Options(1, strides, padding, dilation_rate, groups, activation, border, flip))


def max_pool2d(
    x: ArrayLike,
    pool_size: int | Sequence[int],
    *,
    strides: int | Sequence[int] | None = None,
    padding: Padding = "valid",
    ceil_mode: bool = False,
) -> NDArray[np.float32]:
    """Return the largest value of each patch, as `keras.ops.max_pool`; padding is never the largest.

    Parameters
    ----------
    x : array_like, shape (H, W), (H, W, C) or (N, H, W, C)
    pool_size : int or (int, int)
    strides : int or (int, int), optional
        The pool size by default.
    padding : {'valid', 'same'} or pairs
        Or cells before and after per axis.
    ceil_mode : bool
        Whether a last patch that is only partly there counts, as PyTorch and ONNX offer it.

    Returns
    -------
    ndarray of float32, with the axes of `x`

    Examples
    --------
    >>> max_pool2d([[1, 2, 3], [4, 5, 6]], 2, padding="same").tolist()
    [[5.0, 6.0]]
    """
    return _pool(x, 2, pool_size, strides, padding, ceil_mode, "max")


def average_pool2d(
    x: ArrayLike,
    pool_size: int | Sequence[int],
    *,
    strides: int | Sequence[int] | None = None,
    padding: Padding = "valid",
    ceil_mode: bool = False,
) -> NDArray[np.float32]:
    """Return the mean of each patch, as `keras.ops.average_pool`; padding is not counted. See `max_pool2d`.

    Examples
    --------
    >>> average_pool2d([[1, 2, 3], [4, 5, 6]], 2, padding="same").tolist()
    [[3.0, 4.5]]
    """
    return _pool(x, 2, pool_size, strides, padding, ceil_mode, "mean")


def max_pool1d(
    x: ArrayLike, pool_size: int, *, strides: int | None = None, padding: Padding = "valid", ceil_mode: bool = False
) -> NDArray[np.float32]:
    """Return the largest value of each patch of a sequence (L,), (L, C) or (N, L, C); see `max_pool2d`.

    Examples
    --------
    >>> max_pool1d([0, 1, 0, 1, 1, 0], 2).tolist()
    [1.0, 1.0, 1.0]
    """
    return _pool(x, 1, pool_size, strides, padding, ceil_mode, "max")


def average_pool1d(
    x: ArrayLike, pool_size: int, *, strides: int | None = None, padding: Padding = "valid", ceil_mode: bool = False
) -> NDArray[np.float32]:
    """Return the mean of each patch of a sequence (L,), (L, C) or (N, L, C); see `average_pool2d`.

    Examples
    --------
    >>> average_pool1d([0, 1, 0, 1, 1, 0], 2).tolist()
    [0.5, 0.5, 0.5]
    """
    return _pool(x, 1, pool_size, strides, padding, ceil_mode, "mean")


class _Options(NamedTuple):
    """How many axes there are, and what else `conv2d` and `conv1d` are told."""

    axes: int
    strides: int | Sequence[int]
    padding: Padding
    dilation_rate: int | Sequence[int]
    groups: int
    activation: str | None
    border: str
    flip: bool


def _conv(x: ArrayLike, weights: ArrayLike, bias: ArrayLike | None, options: _Options) -> NDArray[np.float32]:
    """Return the convolution of `x` by what was made ready for the last inputs of its form, if the weights are the same."""
    values = x if type(x) is np.ndarray and x.dtype in _AS_STORED else _held(unmasked(x, "x"))
    given = weights if type(weights) is np.ndarray and weights.dtype in _NUMBERS else unmasked(weights, "weights")
    given = np.asarray(given, None if given.dtype in _NUMBERS else np.float64, order="C")
    biases = None if bias is None else tuple(unmasked(bias, "bias", np.float64).ravel().tolist())
    form = (values.shape, values.dtype, given.shape, given.dtype, biases, *map(_named, options))
    ready = _recent.get(form)
    if ready is None or ready.weights != given:  # a bytearray compares memory, without a copy of it
        ready = _recent.keep(form, _Ready(values, given, (0.0,) if biases is None else biases, options))
    return ready(values)


_AS_STORED, _NUMBERS = (frozenset(map(np.dtype, types)) for types in (READ_AS_STORED, "?bBhHiIlLqQefdg"))
"""Types of numbers that are read where they lie, and those of NumPy's own."""


def _named(value: Any) -> int | str | tuple[type, str] | None:
    """Return what tells an option from others: itself, or its type and how it is written, as 1, 1.0 and True are equal."""
    return value if type(value) in (int, str, NoneType) else (type(value), repr(value))


class _Ready:
    """A convolution made ready for inputs of one form: all is brought to two axes, a batch and channels, and taken back."""

    def __init__(self, values: NDArray[Any], weights: NDArray[Any], bias: tuple[float, ...], options: _Options) -> None:
        self._axes, self._tried = (axes := options.axes), False
        self._again: Again | None = None
        plain = weights.ndim == axes
        if not plain and weights.ndim != axes + 2:
            shapes = "(k,) or (k, cin, cout)" if axes == 1 else "(kh, kw) or (kh, kw, cin, cout)"
            raise ValueError(f"Expected weights of shape {shapes}, received {weights.shape}.")
        self.weights, batch = bytearray(weights), _batched(values, axes)
        kernel = np.asarray(weights if axes == 2 else weights[None], np.float64)
        settings: dict[str, Any] = {
            "padding": padding_of(options.padding, axes),
            "border": setting_name("border", options.border),
            "stride": _pair(options.strides, axes, "strides"),
            "dilation": _pair(options.dilation_rate, axes, "dilation_rate"),
            "groups": 1 if plain else _groups(options.groups),
        }
        if not isinstance(options.flip, bool | np.bool_):
            raise ValueError(f"Expected flip to be True or False, received {options.flip!r}.")
        name = setting_name("activation", options.activation or "linear")
        if fault := weights_fault(kernel) or bias_fault(bias):
            raise ValueError(fault)
        layer = Conv(Kernel(kernel), bias=bias, flip=options.flip, **settings)
        self._layers = (layer,) if name == "linear" else (layer, Activation(name))
        maps, *size = self._chain(np.zeros(batch.shape[1:], np.float32)).shape(len(self._layers))
        self._shape = _unbatched_shape((len(batch), *size, maps), values.ndim, axes, plain)

    def __call__(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Return the convolution of an input of this form."""
        again = self._again if values.flags.c_contiguous else None
        if again is None or len(self._shape) > self._axes + 1:
            images = [self._maps(image).transpose(1, 2, 0) for image in _batched(values, self._axes)]
            if not images:
                return np.zeros(self._shape, np.float32)
            return (images[0] if len(images) == 1 else np.stack(images)).reshape(self._shape)
        return again(values).transpose(1, 2, 0).reshape(self._shape)

    def _maps(self, image: NDArray[Any]) -> NDArray[np.float32]:
        """Return the maps of one image."""
        if not (image.dtype in _AS_STORED and image.flags.c_contiguous and image.size):
            return evaluate(self._chain(image))
        if not self._tried and len(self._layers) == 1 and jit.ready() is not None:
            self._again, self._tried = Again.of(self._chain(image)), True
        return evaluate(self._chain(image)) if self._again is None else self._again(image)

    def _chain(self, image: NDArray[Any]) -> Chain:
        return Chain(Source(image), Reading("each channel"), self._layers)


_recent: Recent[tuple[Any, ...], _Ready] = Recent(32, lambda ready: len(ready.weights), 64e6)
"""What was made ready last, by the form of inputs and weights, and by the options: some times the bytes of its weights."""


def _held(values: NDArray[Any]) -> NDArray[Any]:
    """Return numbers as the engine reads them; finite ones that float32 cannot hold are refused."""
    if values.dtype.kind != "f" or values.dtype.itemsize <= 4:
        return values
    try:
        with np.errstate(over="raise"):
            return values.astype(np.float32)
    except FloatingPointError:
        largest = float(np.abs(values[np.isfinite(values)]).max())
        raise ValueError(f"Expected x of numbers up to 3.4e38, the largest of float32, received {largest:.3g}.") from None


def _batched(values: NDArray[Any], axes: int) -> NDArray[Any]:
    """Return the array as (batch, rows, cols, channels)."""
    if values.ndim not in (axes, axes + 1, axes + 2):
        shapes = "(L,), (L, C) or (N, L, C)" if axes == 1 else "(H, W), (H, W, C) or (N, H, W, C)"
        raise ValueError(f"Expected an input of shape {shapes}, received {values.shape}.")
    with_channels = values[..., None] if values.ndim == axes else values
    with_batch = with_channels[None] if values.ndim < axes + 2 else with_channels
    return with_batch[:, None] if axes == 1 else with_batch


def _unbatched(maps: NDArray[np.float32], ndim: int, axes: int, plain: bool) -> NDArray[np.float32]:
    """Take away the axes that `_batched` added; a plain kernel on a plain array has no axis for its one map."""
    return maps.reshape(_unbatched_shape(maps.shape, ndim, axes, plain))


def _unbatched_shape(shape: tuple[int, ...], ndim: int, axes: int, plain: bool) -> tuple[int, ...]:
    batch, rows, cols, channels = shape
    space = (cols,) if axes == 1 else (rows, cols)
    last = () if ndim == axes and plain else (channels,)
    return (*((batch,) if ndim == axes + 2 else ()), *space, *last)


def _pair(value: int | Sequence[int], axes: int, what: str) -> tuple[int, int]:
    numbers = [_whole(v) for v in ([value] if np.ndim(value) == 0 else value)]  # type: ignore[union-attr]
    if len(numbers) not in (1, axes) or not all(1 <= n <= LARGEST for n in numbers):
        raise ValueError(f"Expected {what} of at least 1, an int or one for each of {axes} axes, received {value!r}.")
    if axes == 1:
        return 1, numbers[0]
    return numbers[0], numbers[-1]


def _groups(value: int) -> int:
    groups = _whole(value)
    if not 1 <= groups <= LARGEST:
        raise ValueError(f"Expected groups of at least 1, an int, received {value!r}.")
    return groups


LARGEST = 2**31
"""The largest stride, dilation, number of groups and side of a pool that is understood."""


def _whole(value: object) -> int:
    """Return a whole number, however it is given; 0 for what is none."""
    whole = isinstance(value, int | np.integer) or (isinstance(value, float | np.floating) and float(value).is_integer())
    return int(value) if whole else 0  # type: ignore[call-overload]


def _pool(
    x: ArrayLike,
    axes: int,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None,
    padding: Padding,
    ceil_mode: bool,
    reduce: str,
) -> NDArray[np.float32]:
    """Bring everything to two axes, a batch and channels, pool, and take the added axes away again."""
    values = unmasked(x, "x")
    _held(values)  # what it refuses; the mean is taken of all digits that were given
    if isinstance(padding, str) and padding.lower() not in ("valid", "same"):
        raise ValueError(f"Expected a padding of valid, same or pairs, received {padding!r}.")
    batch = _batched(values, axes)
    layer = Pool(
        reduce,
        size=_pair(pool_size, axes, "pool_size"),
        stride=None if strides is None else _pair(strides, axes, "strides"),
        padding=padding.lower() if isinstance(padding, str) else padding_of(padding, axes),
        ceil=bool(ceil_mode),
    )
    bound = faster(layer.bind(Shape(batch.shape[3], *batch.shape[1:3])), jit.ready())
    maps, rows, cols = (range(n) for n in bound.output)
    out = np.empty((len(batch), *bound.output), np.float32)
    dtype = np.float32 if np.can_cast(values.dtype, np.float32) else np.float64
    for image, pooled in zip(batch, out, strict=True):
        block = Block(np.ascontiguousarray(np.moveaxis(image, -1, 0), dtype), np.array(maps), 0, 0)
        bound.compute(block, block.maps, rows, cols, pooled)
    return _unbatched(np.moveaxis(out, 1, -1), values.ndim, axes, plain=True)
