"""Keras's layers by Keras's names, arguments, defaults and weights, for a `Sequential`.

Each becomes one or several layers of the engine. Inputs and outputs are arrays with the batch first and the channels last.
"""

from __future__ import annotations

from convgui.layers.activation import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from convgui.layers.base import Layer
from convgui.layers.convolutional import Conv1D, Conv2D
from convgui.layers.cropping import Cropping1D, Cropping2D
from convgui.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D
from convgui.layers.dropout import Dropout, SpatialDropout1D, SpatialDropout2D
from convgui.layers.input import Input, InputLayer
from convgui.layers.normalization import BatchNormalization, Rescaling
from convgui.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    MaxPooling1D,
    MaxPooling2D,
)
from convgui.layers.reshaping import UpSampling1D, UpSampling2D, ZeroPadding1D, ZeroPadding2D
from convgui.layers.separable import SeparableConv1D, SeparableConv2D

Convolution1D, Convolution2D = Conv1D, Conv2D
SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
MaxPool1D, MaxPool2D = MaxPooling1D, MaxPooling2D
AvgPool1D, AvgPool2D = AveragePooling1D, AveragePooling2D
GlobalMaxPool1D, GlobalMaxPool2D = GlobalMaxPooling1D, GlobalMaxPooling2D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D

__all__ = [
    "ELU",
    "Activation",
    "AveragePooling1D",
    "AveragePooling2D",
    "AvgPool1D",
    "AvgPool2D",
    "BatchNormalization",
    "Conv1D",
    "Conv2D",
    "Convolution1D",
    "Convolution2D",
    "Cropping1D",
    "Cropping2D",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Dropout",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "Input",
    "InputLayer",
    "Layer",
    "LeakyReLU",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPooling1D",
    "MaxPooling2D",
    "PReLU",
    "ReLU",
    "Rescaling",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "UpSampling1D",
    "UpSampling2D",
    "ZeroPadding1D",
    "ZeroPadding2D",
]
