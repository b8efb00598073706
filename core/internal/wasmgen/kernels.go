package wasmgen

// Version is the value of the kernel module's global "version": of what its exports
// take and do. The engine leaves a module of another version alone.
const Version = 2

// Kernels returns the engine's own kernel module: the exports gemm (see GemmSpace and
// doc.go), gather, those of elementwise, and version. It imports the memory that it works in as
// "env" "memory", keeps nothing in it and has no state.
//
// Counts and addresses are i32, scalars f32. Nothing is checked: the caller vouches
// for every length.
func Kernels() []byte { return kernels(plan) }

func kernels(p gemmPlan) []byte {
	m := &Module{}
	m.ImportMemory("env", "memory", 1)
	NewGlobal(m, false, I32Const(Version)).Export("version")
	m.Export("gemm", p.write(m))
	m.Export("gather", gather(m))
	for _, k := range elementwise {
		m.Export(k.name, newArrays(m, k.arrays, k.scalars).each(k.unroll, k.body))
	}
	return m.Bytes()
}
