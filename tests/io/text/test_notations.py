"""Kernels in the notations that people have them in: each is the right matrix, or a sentence."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from convgui.io.text.kernels import describe_matrix, parse_kernel

GAUSS = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
TWO = np.array([[1, 2], [3, 4]])
BOX = np.ones((3, 3)) / 9

# ruff: noqa: E501 - texts are as people have them
# fmt: off
UNDERSTOOD = [
    ("1/16\n1 2 1\n2 4 2\n1 2 1", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1\n/16", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1 / 16", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1\n× 1/16", GAUSS / 16),
    ("1/16 [1 2 1; 2 4 2; 1 2 1]", GAUSS / 16),
    ("[1 2 1; 2 4 2; 1 2 1]/16", GAUSS / 16),
    ("[1 2 1; 2 4 2; 1 2 1] ./ 16", GAUSS / 16),
    ("[1 2 1; 2 4 2; 1 2 1] * (1/16)", GAUSS / 16),
    ("[1 2 1; 2 4 2; 1 2 1] 1/16", GAUSS / 16),
    ("(1/16) 1 2 1\n2 4 2\n1 2 1", GAUSS / 16),
    ("1/16 * 1 2 1\n2 4 2\n1 2 1", GAUSS / 16),
    ("divisor: 16\n1 2 1\n2 4 2\n1 2 1", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1\nDivisor = 16", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1\n1/16", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1\n÷ 16", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1 * 1/16", GAUSS / 16),
    ("1 2 1\n2 4 2\n1 2 1 ÷ 16", GAUSS / 16),
    ("| 1 2 1 |\n| 2 4 2 |\n| 1 2 1 |", GAUSS),
    ("     | 1 2 1 |\n1/16 | 2 4 2 |\n     | 1 2 1 |", GAUSS / 16),
    ("       [ 1 2 1 ]\n1/16 * [ 2 4 2 ]\n       [ 1 2 1 ]", GAUSS / 16),
    ("1/16 ⎡1 2 1⎤\n     ⎢2 4 2⎥\n     ⎣1 2 1⎦", GAUSS / 16),
    ("┌       ┐\n│ 1 2 1 │\n│ 2 4 2 │\n│ 1 2 1 │\n└       ┘", GAUSS),
    (r"\begin{bmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{bmatrix}", GAUSS),
    (r"\frac{1}{16}\begin{pmatrix}1&2&1\\2&4&2\\1&2&1\end{pmatrix}", GAUSS / 16),
    (r"\frac{1}{16} \left[ \begin{array}{ccc} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \\ \end{array} \right]", GAUSS / 16),
    (r"\mathbf{G}_x = \begin{bmatrix} +1 & 0 & -1 \\ +2 & 0 & -2 \\ +1 & 0 & -1 \end{bmatrix} * \mathbf{A}", SOBEL),
    (r"$$K=\dfrac{1}{16}\times\begin{bmatrix}1&2&1\\2&4&2\\1&2&1\end{bmatrix}$$", GAUSS / 16),
    (r"<math>\frac{1}{16}\ \begin{bmatrix}\ \ 1 & 2 & 1 \\\ \ 2 & 4 & 2 \\\ \ 1 & 2 & 1 \end{bmatrix}</math>", GAUSS / 16),
    (r"\begin{bmatrix} \frac{1}{9} & \frac19 & 1/9 \\ \tfrac{1}{9} & \frac{1}{9} & \frac{1}{9}\\ \frac{1}{9} & \frac{1}{9} & \frac{1}{9}\end{bmatrix}", BOX),
    (r"\pmatrix{1&2\cr 3&4}", TWO),
    (r"\begin{bmatrix} \phantom{-}1 & 2 \\ {3} & 4 \end{bmatrix}", TWO),
    (r"\begin{pmatrix} 0,5 & 1 \\ 1{,}5 & 2\end{pmatrix}", TWO / 2),
    (r"1 & 2 \\ 3 & 4", TWO),
    (r"\begin{smallmatrix}1&2\\3&4\end{smallmatrix}", TWO),
    ("3x3: 1,2,1 2,4,2 1,2,1", GAUSS),
    ("3x3+1+1: 1,0,-1 2,0,-2 1,0,-1", SOBEL),
    ("3: 1,0,-1 2,0,-2 1,0,-1", SOBEL),
    ("2x3: 1,2 3,4 5,6", [[1, 2], [3, 4], [5, 6]]),
    ("magick in.png -define convolve:scale='1/16' -morphology Convolve '3x3: 1,2,1 2,4,2 1,2,1' out.png", GAUSS / 16),
    ("magick in.png -define convolve:scale='!' -morphology Convolve '3x3: 1,2,1 2,4,2 1,2,1' out.png", GAUSS / 16),
    ("1,2,1;2,4,2;1,2,1", GAUSS),
    ("1, 2; 3, 4", TWO),
    ("[1,2,1],\n[2,4,2],\n[1,2,1]", GAUSS),
    ("[1 2 1]\n[2 4 2]\n[1 2 1]", GAUSS),
    ("(1,2,1),(2,4,2),(1,2,1)", GAUSS),
    ("((1,2,1),(2,4,2),(1,2,1))", GAUSS),
    ("[1,2],[3,4]", TWO),
    ("torch.tensor([[1., 2., 1.], [2., 4., 2.], [1., 2., 1.]]) / 16", GAUSS / 16),
    ("torch.tensor([[1,2],[3,4]], dtype=torch.float32).unsqueeze(0).unsqueeze(0)", TWO),
    ("tensor([[1., 2.],\n        [3., 4.]], dtype=torch.float64)", TWO),
    ("torch.tensor([[1,2],[3,4]]).view(1, 1, 2, 2)", TWO),
    ("torch.tensor([[1,2],[3,4]], device='cuda:0', requires_grad=True)", TWO),
    ("np.array([[1,2,1],[2,4,2],[1,2,1]], np.float32)/16", GAUSS / 16),
    ("np.ones((3,3),np.float32)/9", BOX),
    ("kernel = np.ones((3, 3), dtype=np.float32) / 9.0", BOX),
    ("ones(3,3)/9", BOX),
    ("np.array([1,2,1,2,4,2,1,2,1]).reshape(3,3)/16", GAUSS / 16),
    ("np.array([[1,2],[3,4]]).T", TWO.T),
    ("np.outer([1,2,1],[1,2,1])/16", GAUSS / 16),
    ("array([[1, 2],\n       [3, 4]])", TWO),
    ("[[1. 2.]\n [3. 4.]]", TWO),
    ("[1 2 1; ...\n 2 4 2; ...\n 1 2 1] / 16", GAUSS / 16),
    ("h = [1 2; 3 4]; % comment", TWO),
    ("[1 -2]", [[1, -2]]),
    ("[1 2 1]'*[1 2 1]/16", GAUSS / 16),
    ("[1;2;1]*[1 2 1]/16", GAUSS / 16),
    ("{{1,2,1},{2,4,2},{1,2,1}}/16", GAUSS / 16),
    ("1/16 {{1,2,1},{2,4,2},{1,2,1}}", GAUSS / 16),
    ("{{1/9,1/9,1/9},{1/9,1/9,1/9},{1/9,1/9,1/9}}", BOX),
    ("{{1.*^-3, 2}, {3, 4}}", [[0.001, 2], [3, 4]]),
    ("[1 2 1; 2 4 2; 1 2 1] .// 16", GAUSS / 16),
    ("[1//9 1//9; 2//9 1//9]", [[1 / 9, 1 / 9], [2 / 9, 1 / 9]]),
    ("Float32[1 2; 3 4]", TWO),
    ("2×2 Matrix{Int64}:\n 1  2\n 3  4", TWO),
    ("matrix(c(1,2,3,4), nrow=2, byrow=TRUE)", TWO),
    ("matrix(c(1,2,3,4), nrow=2)", TWO.T),
    ("matrix(c(1,2,3,4), 2, 2, TRUE)", TWO),
    ("matrix(c(1,2,3,4), 2, 2)", TWO.T),
    ("k <- matrix(c(1,2,3,4,5,6), ncol=3, byrow=T)", [[1, 2, 3], [4, 5, 6]]),
    ("matrix(1/9, 3, 3)", BOX),
    ("rbind(c(1,2), c(3,4))", TWO),
    ("cbind(c(1,3), c(2,4))", TWO),
    ("     [,1] [,2]\n[1,]    1    2\n[2,]    3    4", TWO),
    ("float k[2][2] = {{1.f, 2.f}, {3, 4}};", TWO),
    ("static const float k[3][3] = {\n  {1, 2, 1}, // top\n  {2, 4, 2}, /* mid */\n  {1, 2, 1}\n};", GAUSS),
    ("float k[9] = {1,2,1,2,4,2,1,2,1};", GAUSS.reshape(1, 9)),
    ("float k[3][3] = {1,2,1,2,4,2,1,2,1};", GAUSS),
    ("{1.0f/9.0f, 1.0f/9.0f, 1.0f/9.0f}", BOX[:1]),
    ("int8_t k[2][2] = {{1,2},{3,4}};", TWO),
    ("(Mat_<float>(3,3) << 1,2,1, 2,4,2, 1,2,1)", GAUSS),
    ("Mat kernel = (cv::Mat_<float>(3,3) <<\n 1, 2, 1,\n 2, 4, 2,\n 1, 2, 1) / 16;", GAUSS / 16),
    ("cv::Matx33f(1,2,1,2,4,2,1,2,1)", GAUSS),
    ("std::vector<std::vector<float>> k = {{1,2},{3,4}};", TWO),
    ("std::vector<std::vector<float>> k{{1,2},{3,4}};", TWO),
    ("mat3(1.0, 2.0, 1.0, 0.0, 0.0, 0.0, -1.0, -2.0, -1.0)", SOBEL),
    ("mat3 sx = mat3(\n 1.0, 2.0, 1.0,\n 0.0, 0.0, 0.0,\n -1.0, -2.0, -1.0);", SOBEL),
    ("mat2(vec2(1,3), vec2(2,4))", TWO),
    ("const float k[9] = float[](1,2,1,2,4,2,1,2,1);", GAUSS.reshape(1, 9)),
    ("mat3x3<f32>(1.0, 2.0, 1.0, 0.0, 0.0, 0.0, -1.0, -2.0, -1.0)", SOBEL),
    ("new float[][] {{1,2},{3,4}}", TWO),
    ("double[,] k = new double[,] { {1,2}, {3,4} };", TWO),
    ("new double[][] { new double[] {1,2}, new double[] {3,4} }", TWO),
    ("new Kernel(3, 3, new float[] {1,2,1,2,4,2,1,2,1})", GAUSS),
    ("[3][3]float64{{1,2,1},{2,4,2},{1,2,1}}", GAUSS),
    ("k := [][]float64{{1, 2}, {3, 4}}", TWO),
    ("let k: [[f32; 2]; 2] = [[1.0, 2.0], [3.0, 4.0]];", TWO),
    ("vec![vec![1.0, 2.0], vec![3.0, 4.0]]", TWO),
    ("const k = [[1, 2], [3, 4]];", TWO),
    ("var k: [[Float]] = [[1, 2], [3, 4]]", TWO),
    ("arrayOf(floatArrayOf(1f, 2f), floatArrayOf(3f, 4f))", TWO),
    ("Array(Array(1,2),Array(3,4))", TWO),
    ("array(array(1,2),array(3,4))", TWO),
    ("Matrix[[1,2],[3,4]]", TWO),
    ("Matrix([[1, 2], [3, 4]])", TWO),
    ("Matrix(2, 2, [1,2,3,4])", TWO),
    ("matrix([1,2],[3,4])", TWO),
    ("ImageFilter.Kernel((3, 3), (1,2,1,2,4,2,1,2,1), scale=16)", GAUSS / 16),
    ("ImageFilter.Kernel((3, 3), [1,2,1,2,4,2,1,2,1])", GAUSS / 16),
    ("tf.constant([[1., 2.], [3., 4.]], dtype=tf.float32)", TWO),
    ("1\t2\t\n3\t4\t\n", TWO),
    ("1 2;\n3 4;", TWO),
    ("-1,5\t2\n3\t4", [[-1.5, 2], [3, 4]]),
    ("0,5;0,25\n1;2", [[0.5, 0.25], [1, 2]]),
    ('"0,5","1,5"\n"2","3"', [[0.5, 1.5], [2, 3]]),
    ("−1 −2\n3 4", [[-1, -2], [3, 4]]),
    ("½ ¼\n¼ ½", [[0.5, 0.25], [0.25, 0.5]]),
    ("¹⁄₉ ¹⁄₉ ¹⁄₉", BOX[:1]),
    ("x y\n1 2\n3 4", TWO),
    ("Gx:\n1 2\n3 4", TWO),
    ("Gx =\n1 2\n3 4", TWO),
    ("ans =\n\n     1     2\n     3     4\n", TWO),
    ("   1.0e+03 *\n\n    1.5    2\n    3    4", [[1500, 2000], [3000, 4000]]),
    ('{"kernel": [[1,2],[3,4]]}', TWO),
    ('{"name": "g", "matrix": [[1,2,1],[2,4,2],[1,2,1]], "divisor": 16}', GAUSS / 16),
    ("[[1,2],[3,4]]", TWO),
    ('<feConvolveMatrix order="3" kernelMatrix="1 2 1 2 4 2 1 2 1"/>', GAUSS / 16),
    ('<feConvolveMatrix order="3,3" kernelMatrix="1,0,-1,2,0,-2,1,0,-1" divisor="1" bias="0.5"/>', SOBEL),
    ('<feConvolveMatrix order="3" kernelMatrix="1 0 0 0 0 0 0 0 -1" preserveAlpha="true"/>', [[1, 0, 0], [0, 0, 0], [0, 0, -1]]),
    ("order='2 3' kernelMatrix='1 2\n3 4\n5 6' divisor='1'", [[1, 2], [3, 4], [5, 6]]),
    ('<feConvolveMatrix order={3} kernelMatrix={"1 2 1 2 4 2 1 2 1"} divisor={16} />', GAUSS / 16),
    ("gegl:convolution-matrix b2=1 c2=2 d2=1 b3=2 c3=4 d3=2 b4=1 c4=2 d4=1", GAUSS / 16),
    ("gegl:convolution-matrix b2=1 c2=0 d2=-1 b3=2 c3=0 d3=-2 b4=1 c4=0 d4=-1 normalize=false", SOBEL),
    ("1 2 # c\n3 4 // d", TWO),
    ("1 2 % c\n3 4", TWO),
    ("/* kernel */ 1 2\n3 4", TWO),
    ("| 1 | 2 |\n|---|---|\n| 3 | 4 |", TWO),
    ("1|2\n3|4", TWO),
    ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>", TWO),
    ('{| class="wikitable"\n| 1 || 2\n|-\n| 3 || 4\n|}', TWO),
    ("<math><mfrac><mn>1</mn><mn>16</mn></mfrac><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mo>−</mo><mn>2</mn></mtd></mtr></mtable></math>", [[0.0625, -0.125]]),
    ("- [1, 2]\n- [3, 4]", TWO),
    ("((1 2) (3 4))", TWO),
    ("Sobel\n1 2\n3 4", TWO),
    ("1/16 * 1 2 1", GAUSS[:1] / 16),
    ("={1,2;3,4}/2", TWO / 2),
    ("[[1,2],[3,4],]", TWO),
    ("[[1,2,],[3,4,],]", TWO),
    (">>> np.array([[1,2],[3,4]])", TWO),
    ("```python\n[[1,2],[3,4]]\n```", TWO),
    ("double K[3]={1,0,-1};", [[1, 0, -1]]),
    ("0.1 0.2\n0.3,0.4", [[0.1, 0.2], [0.3, 0.4]]),
    ("1e-3,2\n3,4", [[0.001, 2], [3, 4]]),
    ("1.0d0 2.0d0", [[1, 2]]),
    ("bias: 1\n1 2\n3 4", TWO),
    ("1 2\n3 4\nbias 0", TWO),
    ("(1/4) * [1 2;\n3 4]", TWO / 4),
    ("1/4*{{1,2},{3,4}}", TWO / 4),
    ("0.25 * np.array([[1,2],[3,4]])", TWO / 4),
    ("[[1/4, 2/4],[3/4, 4/4]]", TWO / 4),
    ("sqrt(2)*[1 0]", [[2**0.5, 0]]),
    ("kernel = [[1, 2], [3, 4]] # note: 5", TWO),
]

REFUSED = [
    "1 2 1 : 4",
    "[1 2 1/16]",
    "[[1,2,1],[2,4,2],[1,2,1/16]]",
    "{{1/9,1,1},{1,1,1},{1,1,1}}",
    "1 2 3 / 4 5 6",
    "1 2 3 /4 5 6",
    "1.234,5 2",
    "1,234.5 2",
    "1,5 2.5",
    "7 1,5 2.5",
    "1 2 1\n2 4 2\n1 2 1/16",
    "1 2 1\n2 4 2\n1 2 1\n16",
    r"\begin{bmatrix}1\\2\\1\end{bmatrix} * \begin{bmatrix}1&0&-1\end{bmatrix}",
    r"\begin{bmatrix}1&2\\3&4\end{bmatrix}^T",
    "3x3+0+0: 1,0,-1 2,0,-2 1,0,-1",
    "3x3: nan,1,nan 1,1,1 nan,1,nan",
    "3x3>: 1,0,-1 2,0,-2 1,0,-1",
    "1,2;3,4",
    "torch.tensor([[[[1,2],[3,4]]]])",
    "ones(3)/9",
    "np.rot90([[1,2],[3,4]])",
    "np.linalg.inv(np.array([[1,2],[3,4]]))",
    "[[1 2 ... 3]\n [3 4 ... 5]]",
    "np.array([[1,2],[3,4]])//4",
    "np.array([[1,2],[3,4]]) + 1",
    "[[1,2],[3,4]] - [[1,2],[3,4]]",
    "[1 - 2]",
    "[1 2 1]*[1;2;1]",
    "h = fspecial('sobel')",
    "float k[9] = {1,2,1,\n2,4,2,\n1,2,1};",
    "const int k[3][3] = {{1,2,1},{2,4,2}};",
    "float3x3(1,0,-1,2,0,-2,1,0,-1)",
    "cv2.filter2D(img, -1, np.array([[1,2],[3,4]]))",
    "1,234;5\n6;7",
    '"1,234","2"\n"3","4"',
    "1,NA\n2,3",
    '{"kernel": [[1,2],[3,4]], "scale": 2}',
    "{'a': [[1,2]]}",
    '<feConvolveMatrix order="3" kernelMatrix="1 2 1 2 4 2 1 2 1" targetX="0"/>',
    "50% 50%",
    "1 2 3% c",
    "#2A((1 2) (3 4))",
    "Matrix3f m; m << 1,2,3,4,5,6,7,8,9;",
    "[[1,2],[3,[4]]]",
    "[[True, False]]",
    "[1,2 3]",
    "1 2 1\n2 4 2\n1 2 1\n\n= 16",
    "scale: 16\n1 2\n3 4",
    "K(1,:) = [1 2 3]",
    "k[0] = [1, 2]",
    "a = [1 2]; b = [3 4];",
    "[" * 5000,
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), UNDERSTOOD)
def test_a_notation_is_understood(text, expected):
    good, told = describe_matrix(text)
    assert good, told
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a bias beside the matrix is tested below
        np.testing.assert_array_equal(parse_kernel(text), expected)
    rows, cols = np.shape(expected)
    assert told.startswith(f"{rows} × {cols} kernel")


@pytest.mark.parametrize("text", REFUSED)
def test_what_may_mean_two_things_is_refused_with_a_sentence(text):
    good, told = describe_matrix(text)
    assert not good
    assert told
    with pytest.raises(ValueError) as raised:
        parse_kernel(text)
    assert str(raised.value) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 2 1\n2 4 2\n1 2 1 / 16", "3 × 3 kernel, divided by 16"),
        ("0.5 * [1 2]", "1 × 2 kernel, times 0.5"),
        ("0,5 1", "1 × 2 kernel, decimal commas"),
        ("mat2(1, 2, 3, 4)", "2 × 2 kernel, columns first, as GLSL has them"),
        ("matrix(c(1, 2, 3, 4), 2)", "2 × 2 kernel, filled by columns, as R does it"),
        ('kernelMatrix="1 1 1 1" order="2" bias="0.5"', "2 × 2 kernel, divided by 4, bias 0.5"),
    ],
)
def test_what_was_understood_is_said(text, told):
    assert describe_matrix(text) == (True, told)


def test_a_bias_beside_the_matrix_is_not_lost_without_a_word():
    with pytest.warns(UserWarning, match=r"adds 0\.5"):
        assert parse_kernel('order="1" kernelMatrix="2" divisor="1" bias="0.5"') == [[2]]


@pytest.mark.parametrize(
    "text", ["1 2 1 / 16", "1 2 1/16", "1, 2, 1 / 16", "1 2 1\n1 2 1/16", "1/16 1 2 1", "1;2;1/16", "1\t2\t1/16"]
)
def test_a_divisor_never_divides_one_weight_alone(text):
    if describe_matrix(text)[0]:
        weights = parse_kernel(text)
        assert set(np.unique(weights * 16)) == {1, 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/16\n[1 2 1]\n[2 4 2]\n[1 2 1]", GAUSS / 16),
        ("[1 2 1]\n[2 4 2]\n[1 2 1]\n/ 16", GAUSS / 16),
        ("[1 2 1]\n[2 4 2] / 16\n[1 2 1]", GAUSS / 16),
        ("- [[1, 2], [3, 4]]", -TWO),
        ("1 2\n\n3 4", TWO),
        ("[1 2 1]/4\n[2 4 2]/4", GAUSS[:2] / 4),
        ("1/16 1 2 1\n2 4 2\n1 2 1", GAUSS / 16),
        ("     1 2 1\n1/16 2 4 2\n     1 2 1", GAUSS / 16),
        ("1, 2, 1\n2, 4, 2\n1, 2, 1, 1/16", GAUSS / 16),
        ("(a1 0.0)\n(b2 1)(c2 2)(d2 1)(b3 2)(c3 4)(d3 2)(b4 1)(c4 2)(d4 1)(divisor 1)(normalize yes)", GAUSS / 16),
        ('"gegl:convolution-matrix" "b2" 1 "c2" 2 "d2" 1 "b3" 2 "c3" 4 "d3" 2 "b4" 1 "c4" 2 "d4" 1', GAUSS / 16),
    ],
)
def test_a_factor_beside_rows_in_brackets_is_for_all(text, expected):
    np.testing.assert_array_equal(parse_kernel(text), expected)


@pytest.mark.parametrize(
    "text",
    [
        *("[1 2 1; 2 4 2; 1 2 1 / 16]", "[[1, 2], [3, 4 / 16]];", "1 2\n1/4 3 1/4"),
        *("[1, 2], [3, 4]/4", "[[1, 2], [3, 4]/4]", "1:3", "c(1, 2) %o% c(1, 2)", "matrix(1, 2, 3, 4, 5, 6)", "1 000 2"),
        *(
            "1 2\n3 4\n\n5 6\n7 8",
            "divisor: 2 [[1, 2], [3, 4]]",
            "[1 2]^2",
            "a * [1 2]",
            "[1 2] + 1",
            "[[1, 2], [3, 4]] // 4",
        ),
    ],
)
def test_other_meanings_are_refused(text):
    assert not describe_matrix(text)[0]


@pytest.mark.parametrize("text", ["[[1/9]*3]*3", "[0.1]*5", "[[1]*3]*3", "3 * [1]", "[-1]*4", "[[2]*2, [3]*2]", "([5],)*3"])
def test_a_list_of_one_times_a_count_is_asked_for(text):
    """Python repeats the list; elsewhere it is a factor."""
    with pytest.raises(ValueError, match="weights or one"):
        parse_kernel(text)


@pytest.mark.parametrize("text", ["[3] / 9", "1/9 * [[9]]", "[2] * 0.5", "[1, 2, 1] * 3", "[[1, 2], [3, 4]] * 2"])
def test_other_factors_beside_brackets_stay(text):
    assert parse_kernel(text).size >= 1


@pytest.mark.parametrize(
    "text", ["1 0,0 -1", "1 2 1,2 4 2,1 2 1", "1 2 1, 2 4 2, 1 2 1", "0 0,5 1", "-1 -1 -1, -1 8 -1, -1 -1 -1"]
)
def test_commas_that_may_end_rows_of_one_line_are_asked_for(text):
    with pytest.raises(ValueError, match="rows or one row"):
        parse_kernel(text)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("0,25 0,5 0,25", [[0.25, 0.5, 0.25]]),
        ("1, 2, 1", [[1, 2, 1]]),
        ("1 ,2 ,1", [[1, 2, 1]]),
        ("1 0; 0 -1", [[1, 0], [0, -1]]),
        ("1 0,5\n0,5 1", [[1, 0.5], [0.5, 1]]),
    ],
)
def test_other_commas_of_one_line_are_understood(text, weights):
    np.testing.assert_array_equal(parse_kernel(text), weights)


def test_small_weights_beside_large_ones_stay():
    assert parse_kernel("1e-50 1")[0, 0] == 1e-50
