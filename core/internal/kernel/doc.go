// Package kernel holds the inner loops of Terrarium: matrix products, vector
// mathematics, activations, reductions, losses and optimizer steps, on raw row-major
// []float32. It knows no layers and no shapes but those that it is handed, allocates
// nothing, and imports only the standard library. A slice too short for the sizes
// given with it is a bug of the caller and panics.
//
// # The same bits everywhere
//
// Every function gives the same bits on every machine, with and without vector
// instructions of any width. Who writes a kernel, or a second version of one, keeps
// to this contract; the numbers it fixes belong to NumericsVersion.
//
// Products (GemmNN, GemmTN, GemmNT, ColSums), for each number of the result and
// whatever the sizes:
//
//	total = +0
//	for each block of 256 consecutive k, ascending:
//		s = +0
//		for each k of the block, ascending: s += a·b      // two roundings, never fused
//		total += s
//	total += bias                                         // if there is one
//	c = total, or c = total + c where the product accumulates
//
// ColSums is such a product with a row of ones. GemmScalar is the oracle. Convolutions
// are such products too: of patches that Patches lays beside each other, zeros around an
// image included, or channel by channel, k running over the taps (DepthwiseRow).
//
// Reductions (Sum, Dot, Max, losses, softmax), along a row or over a whole tensor:
//
//	p[0…15] = +0 (a maximum: −Inf)
//	for each i, ascending: p[i mod 16] ∘= term(i)
//	for w = 8, 4, 2, 1: for j < w: p[j] ∘= p[j+w]
//	result p[0]
//
// Arithmetic: + − × ÷, square root, comparison and bit operations on float32 only.
// A product that is added is written float32(a*b), because Go may fuse a*b + c
// otherwise; on vectors it is a.Mul(b).Add(c), never MulAdd. A maximum is
// m < x ? x : m and relu is x < 0 ? 0 : x, in this order of operands, so that NaN
// passes through relu and is passed over by a maximum. No float is converted to an
// integer unless it is known to fit. NaN payloads are outside the contract.
//
// exp, log, tanh, sigmoid, erf and log1p are our own, since the standard library's
// differ between machines in the last bit. Each states its largest error in units in
// the last place, measured against float64. Sine and cosine, of which only tables of
// positions are made, are in float64, with every product rounded by float64(a*b).
//
// Denormal numbers are computed with like any others: WebAssembly cannot switch them off. They
// cost Intel's processors a hundred cycles and more, so what breeds them, weights that fade
// away and an optimizer's averages of nothing, is freed of them from time to time
// (denormal.go): 150,000 steps a second of a network 3-32-16-1 in place of 48,000, and 25,000
// after 80,000 steps; of one with L2, 62 epochs a second in place of 4.8.
//
// # Three rungs
//
// Every kernel exists as a scalar twin (…Scalar, always compiled, the reference) and
// as a vector kernel (…Vec). A …Vec function computes the leading elements that fill
// whole vectors and returns their number; the exported function leaves the rest to
// the twin. Where there are no vectors, …Vec functions return 0 (vec_off.go); the
// native ones do so too if GODEBUG=simd=0 or an old CPU would have them emulated.
//
// The vector kernels are written once, against the portable package simd, in
// vec_*_native.go (AVX2, AVX-512, NEON). Renaming types makes vec_*_wasm.go of them,
// which stand on simd/archsimd, as simd would add 181 KB to the download:
//
//	go generate ./core/internal/kernel
//
// Only the micro-kernels of the matrix product differ: gemm_tile.go (scalar, and
// what a micro-kernel is), gemm_tile_native.go, gemm_tile_wasm.go.
//
// # The kernel module
//
// In WebAssembly Go's compiler leaves vector loops at half of what the machine can do:
// each turn of a loop passes the function's table of jumps, and 16 vector locals exist
// before they spill. There core/internal/wasmgen writes the loops, as a module that
// works in this program's memory (module.go, module_on.go), if a loader has bound it
// (site/kernels.js). The exported functions ask haveModule; arrays shorter than
// moduleFrom, and what the module has not (momentum of Nesterov, sums of columns that
// accumulate), stay here. The Go kernels are the module's oracle, in wasmgen's tests,
// and what runs where it is missing.
//
// A small network's step is many short operations, and until V8 has optimized the Go
// between them, that costs more than they do. So a plan records what it can as a Program,
// which one call runs (graph.Recorder).
//
// The module is linked before the program, with the memory that both are given: its
// functions are called directly. A JavaScript function in between costs 20 to 30 ns once
// the browser has compiled the way there and back, and half a microsecond before.
//
// # Files
//
//	gemm.go gemm_block.go gemm_pack.go   the products: blocking, packing
//	gemm_row.go                          products of one to three rows
//	panels.go                            products of one row again and again
//	gemm_scalar.go, colsums.go           the oracle of products; sums of columns
//	elementwise.go                       add, scale, …
//	exp.go log.go sigmoid.go tanh.go erf.go
//	activation.go, activation_scalar.go  forward and derivative
//	softmax.go reduce.go finite.go
//	patches.go depthwise.go              convolutions
//	loss_regression.go loss_binary.go loss_categorical.go loss_sparse.go
//	loss_point.go loss_row.go loss_huber.go
//	norm.go norm_columns.go attention.go embedding.go sincos.go
//	pool.go                              windows: their own order stands there
//	select.go relu.go                    maxima of two, rectifiers with more to choose
//	optimizer.go optimizer_ada.go denormal.go constraint.go dropout.go noise.go stream.go
//	module.go module_on.go module_off.go  the kernel module
//	program.go                           many of its functions by one call
//
// # Measured
//
// GFLOP/s of one thread on the development machine (2-core EPYC): C = A·B of size
// 256, natively 61 with AVX-512 and 3.6 to 4 with the scalar tile; as WebAssembly (V8)
// 26 with vectors and 3.1 scalar. The micro-kernel alone reaches 35 in WebAssembly;
// other shapes of tile (6×8, 4×12, 3×12, 8×4) and of unrolling (1, 2, 8) were no faster.
// Vector mathematics as WebAssembly, ns per element (scalar twin): exp 1.8 (13),
// sigmoid 1.8, tanh 3.6 (21), log 3.5, erf 4.4, Adam 1.3.
//
// Through the kernel module, the crossing included: A·B 53 GFLOP/s at sizes 128 to 512
// and 45 at 1024, whose slices (graph.MatMul) each pack B anew; ns per element exp 1.1,
// sigmoid 1.2, tanh 1.9, Adam 0.5, relu 0.06 (Go: 0.44). A prediction of one row of
// 784-128-64-10 takes 6.0 µs in place of 13.7.
package kernel
