"""The inner loops, compiled for this processor: their language, what is written in it, and the object code of it.

`language` translates the loops (`gather`, `correlate`, `tiles`, `fourier`, `screen`) to LLVM, with the register blocks that
are written instruction by instruction (`blocks`, `fourier_blocks`); `build` makes object code of it. Nothing here is
imported before it is needed: `convgui.engine.strategies.jit` is the door.
"""
