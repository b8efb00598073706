// Package wasmgen writes WebAssembly modules, and with them the kernels that pure Go
// is too slow for.
//
// # The encoder
//
// A Module holds functions, a memory, globals and data; Bytes encodes it as the
// WebAssembly Core Specification 2.0 says, whose names are used throughout. Code is
// written as expressions, one Go type for each value type, and statements:
//
//	var m Module
//	f := m.Func(TypeI32)
//	n := Param[I32](f)
//	sum := NewLocal[I32](f)
//	f.While(n.Get(), func() {
//		sum.Set(I32Add(sum.Get(), n.Get()))
//		n.Set(I32Sub(n.Get(), I32Const(1)))
//	})
//	f.Return(sum.Get())
//	m.Export("sumTo", f)
//
// Go's compiler refuses ill-typed expressions, a statement leaves nothing on the
// stack, and what types cannot catch (a local of another function, a branch to a block
// that has ended, arguments of a call) panics with a constant text: it is a mistake in
// our code. So whatever is written is valid; tests have wazero validate it.
// Instructions whose results differ between machines are left out (contract C1).
//
// # The kernel module
//
// Kernels is a module that works in the memory of a running Go program. Its products
// have the bits of kernel.GemmScalar, its element-wise functions those of the kernels
// of their names. A whole product is one call, so that crossing over is paid once:
// gemm packs, walks the blocks and treats the edges by itself.
//
//		gemm(flags, m, n, k, a, lda, b, ldb, bias, c, ldc, space)
//
//	  - rowPanels is the product of a single row whose B lies in panels: read from one end to
//	    the other, it takes a tenth less.
//	  - lstm and lstmGrad do a time step of a batch at once (lstm.go).
//	  - The tile is 4 × 8. V8 has 15 vector registers to give; 8 accumulators, 2 vectors of
//	    B, one of A and a product need 12. Of 6 × 8 they need 16, and spilling halves the speed.
//	  - A stored [m,k] is read in place, four rows side by side; packing it gained nothing at
//	    any size. A stored [k,m] is packed from m·k = 2¹⁵ on. B stored [n,k] is packed (it must
//	    be transposed), B stored [k,n] with an A that is, or if m·ldb ≥ 2¹⁴: rows 4 KiB apart
//	    fall into few sets of the cache.
//	  - Aᵀ·b with one column is turned into bᵀ·A, whose row fills tiles.
//	  - Tiles that reach beyond C are computed whole from copied lines and finished number
//	    by number. Nothing outside the matrices is read or written.
//	  - A single row has tiles of 1 × 32, which take each vector of B from memory when it is
//	    used: with B held in locals V8 spilled, and 1 × 32 was half as fast as 1 × 16.
//
// gather copies the patches of a convolution, runs of numbers at regular distances: Go's
// compiler makes of that three times as long a loop.
//
// An activation is not fused into the product before it: relu on 256 × 128 numbers takes
// 2 µs, the product with k = 784 takes 900. What small networks lose is the way between
// operations, which run spares them: it carries out a list of commands, a whole forward or
// backward pass (kernel.Program).
//
// # Measured
//
// Chromium 156, one thread, a shared 2-core AMD EPYC (48 KiB L1, 1 MiB L2), best of four
// rounds, variants in turn; go test -tags browser -bench . repeats it. In GFLOP/s:
//
//	n × n × n          128   256   512  1024
//	A·B                 57    57    57    54
//	Aᵀ·B                54    56    55    55
//	A·Bᵀ                58    56    58    57
//	C += A·B            56    57    55    52
//	Firefox 153, A·B    57    60    60
//
//	tile, A·B 240 × 240 × 256, loop unrolled by 4 (by 1, 2, 8)
//	4×8   59 (57, 58, 59)     2×16  59     5×8  57     8×4  49
//	8×8   41                  6×8   31     3×16 29
//
//	B in place / packed, m =           8      16      32      64     128
//	n = 128, k = 784               57/41   58/49   58/52   58/57   57/58
//	n = 512, k = 512               50/39   52/46   52/53   51/56   51/56
//	n = 1024, k = 512              26/34   25/42   25/50   24/54   24/56
//
//	one row, tile 1 ×        4     8    12    16    24    32    48
//	n = 128, k = 784        11    22    25    40    41    51    34
//	n = 512, k = 512         5    10    16    23    26    37    33
//
//	a network 784-128-64-10      forward           gradient of x   gradient of W
//	1 row                   51, 51, 15             9, 5            15, 16, 4
//	32 rows                 56, 60, 31            57, 47           56, 57, 26
//	256 rows                58, 60, 35            58, 54           56, 52, 27
//
// Against the kernels on archsimd, called from Go in Chromium, when a JavaScript function
// still stood between (about 15 to 30 ns, which are in the figures of the module):
//
//	                          Go        module
//	A·B 1 × 1 × 1            69 ns       40 ns
//	A·B 32 × 16 × 32       1.24 µs     0.60 µs
//	A·B 32 × 128 × 784      200 µs      108 µs
//	A·B 256 × 256 × 256    1.10 ms     0.55 ms
//	column sums 32 × 128   2.03 µs     0.21 µs    gemm: GemmTransA, m = 1, lda = 0, A = {1}
//
//	n =            16            256            4096        100352 (ns)
//	add         21 / 18       131 / 42       1679 / 322    40698 / 8685
//	relu        37 / 17       150 / 32       1807 / 226    43040 / 5158
//	reluGrad    50 / 19       203 / 40       2597 / 337    62266 / 8767
//	adam        58 / 41       322 / 147      4689 / 1954  112504 / 45053
//	n =            16             64            1024
//	exp         47 / 31       116 / 78       1562 / 1113
//	sigmoid     60 / 33       137 / 85       1680 / 1260
//	tanh        90 / 44       264 / 136      3518 / 1904
//
// Constants that stay in locals through a loop (Constant) gave exp a fifth; V8 makes
// them anew in each turn otherwise. Writing the module takes 0.5 ms natively and 50 ms
// in a browser that has just compiled this package: the build does it (emit).
package wasmgen
